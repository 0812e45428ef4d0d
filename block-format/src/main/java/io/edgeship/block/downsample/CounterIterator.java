package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import java.util.Iterator;
import java.util.List;

/// Walks counters of consecutive chunks, raw or aggregated, as one that never begins anew: what is lost where it
/// does, and at the border of two chunks, is added up. Not thread-safe.
public final class CounterIterator {
    private final Iterator<FloatIterator> chunks;
    private final CounterTotal counted = new CounterTotal();
    private FloatIterator samples;

    /// @param chunks in the order of time
    public CounterIterator(List<FloatIterator> chunks) {
        this.chunks = chunks.iterator();
        this.samples = this.chunks.next();
    }

    /// Moves to the next sample; false after the last. NaNs are passed over, and samples that do not come later.
    public boolean next() throws CorruptChunkException {
        while (true) {
            if (!samples.next()) {
                if (!chunks.hasNext()) {
                    return false;
                }
                samples = chunks.next();
                continue;
            }
            if (counted.add(samples.timeMillis(), samples.value())) {
                return true;
            }
        }
    }

    public long timeMillis() {
        return counted.timeMillis();
    }

    /// What was counted since the first sample, its value included.
    public double total() {
        return counted.total();
    }

    /// The raw value that was counted last.
    public double lastValue() {
        return counted.lastValue();
    }
}
