package io.edgeship.block.sample;

import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the samples of one chunk after the other. Not thread-safe.
public final class SampleIterator {
    private final Iterator<TimedChunk> chunks;
    private @Nullable ChunkIterator samples;

    /// @param chunks of encodings that hold samples: aggregates and unknown ones throw [IllegalStateException]
    public SampleIterator(List<TimedChunk> chunks) {
        this.chunks = chunks.iterator();
    }

    /// The next sample, or null after the last.
    public @Nullable Sample next() throws CorruptChunkException {
        while (true) {
            if (samples != null && samples.next()) {
                return sample(samples);
            }
            if (!chunks.hasNext()) {
                samples = null;
                return null;
            }
            samples = chunks.next().chunk().iterator();
        }
    }

    private static Sample sample(ChunkIterator at) {
        long start = at.startMillis();
        long time = at.timeMillis();
        return switch (at) {
            case FloatIterator floats -> new FloatSample(start, time, floats.valueBits());
            case HistogramIterator it -> new HistogramSample(start, time, isGauge(it), it.histogram());
            case FloatHistogramIterator it -> new FloatHistogramSample(start, time, isGauge(it), it.histogram());
        };
    }

    private static boolean isGauge(HistogramChunkIterator chunk) {
        return chunk.counterReset() == CounterReset.GAUGE;
    }
}
