package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Walks samples that are native histograms, with or without start timestamps.
public abstract sealed class HistogramChunkIterator extends ChunkIterator
        permits HistogramIterator, FloatHistogramIterator {
    private final CounterReset reset;
    private final boolean withStarts;
    private final StartTimes starts;

    HistogramLayout layout = HistogramLayout.NONE;
    private long delta;

    HistogramChunkIterator(byte[] data, HistogramHeader header, boolean withStarts) {
        super(new BitReader(data, HistogramHeader.BYTES), header.count());
        this.reset = header.reset();
        this.withStarts = withStarts;
        this.starts = StartTimes.reading(header.starts());
    }

    @Override
    final void decode(int index) throws EndOfBits, CorruptChunkException {
        long previous = time;
        if (index == 0) {
            layout = LayoutCodec.read(in);
            time = Varbit.read(in);
            previous = time;
            first();
        } else {
            delta += Varbit.read(in);
            time += delta;
            following();
        }
        if (withStarts) {
            starts.read(in, index, previous);
        }
    }

    abstract void first() throws EndOfBits;

    abstract void following() throws EndOfBits;

    /// Has the histograms of the chunk, after the first [#next], take `same` for their layout if it says the same:
    /// those of many chunks then share one, which compares at once.
    public final void shareLayout(HistogramLayout same) {
        if (layout.equals(same)) {
            layout = same;
        }
    }

    /// What the chunk says of the time just before it.
    public final CounterReset counterReset() {
        return reset;
    }

    @Override
    public final long startMillis() {
        return starts.startMillis();
    }

    /// Whether the sample only says that the series went stale.
    public abstract boolean isStaleMarker();
}
