package io.edgeship.block.pack;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One chunk of samples taken apart: what a chunk of any encoding that holds samples is made of.
///
/// @param reset   of histograms; unknown for floats
/// @param layout  of all histograms of the chunk; none for floats
/// @param starts  0 where the chunk does not say
/// @param columns of a float its bits; of a histogram the sum's bits, count, zeroes, then each bucket, the positive
///                ones first: numbers of events where they are integers, else bits of doubles. A stale marker has the
///                numbers of the sample before it, but for its sum
record ChunkSamples(CounterReset reset, HistogramLayout layout, long[] times, long[] starts, long[][] columns) {
    /// Of a histogram beside its buckets.
    static final int HEAD_COLUMNS = 3;

    /// Numbers that a chunk may be taken apart into.
    static final int NUMBERS_MAX = 1 << 17;

    /// The samples, if they and `encodingCode` make the very same chunk again; else null.
    static @Nullable ChunkSamples of(int encodingCode, byte[] data, BitDialect dialect) {
        Chunk chunk = new Chunk(encodingCode, data);
        if (!chunk.holdsSamples()) {
            return null;
        }
        try {
            ChunkSamples samples = of(chunk.iterator());
            boolean isSame = samples != null
                    && samples.fits(data)
                    && Arrays.equals(SampleChunks.encode(chunk.encoding(), samples, dialect), data);
            return isSame ? samples : null;
        } catch (CorruptChunkException | IllegalArgumentException _) {
            return null;
        }
    }

    /// Every number takes a bit of the chunk at least, stale markers aside: this bounds an unpacker's work.
    boolean fits(byte[] data) {
        return (long) columns.length * times.length <= (long) Byte.SIZE * data.length;
    }

    private static @Nullable ChunkSamples of(ChunkIterator samples) throws CorruptChunkException {
        int count = samples.count();
        if (count == 0 || !samples.next()) {
            return null;
        }
        HistogramLayout layout = layout(samples);
        int width = width(samples instanceof HistogramChunkIterator, layout);
        if ((long) width * count > NUMBERS_MAX) {
            return null;
        }
        CounterReset reset =
                samples instanceof HistogramChunkIterator histograms ? histograms.counterReset() : CounterReset.UNKNOWN;
        ChunkSamples all = new ChunkSamples(reset, layout, new long[count], new long[count], new long[width][count]);
        int i = 0;
        do {
            all.times[i] = samples.timeMillis();
            all.starts[i] = samples.startMillis();
            all.fill(i, samples);
            i++;
        } while (samples.next());
        return all;
    }

    static int width(boolean isHistogram, HistogramLayout layout) {
        return isHistogram ? HEAD_COLUMNS + layout.positiveBuckets() + layout.negativeBuckets() : 1;
    }

    private static HistogramLayout layout(ChunkIterator samples) {
        return switch (samples) {
            case FloatIterator _ -> HistogramLayout.NONE;
            case HistogramIterator integers -> integers.histogram().layout();
            case FloatHistogramIterator floats -> floats.histogram().layout();
        };
    }

    private void fill(int i, ChunkIterator samples) {
        if (samples instanceof HistogramChunkIterator histogram && histogram.isStaleMarker()) {
            columns[0][i] = StaleMarker.BITS;
            for (int column = 1; column < columns.length; column++) {
                columns[column][i] = i == 0 ? 0 : columns[column][i - 1];
            }
            return;
        }
        switch (samples) {
            case FloatIterator floats -> columns[0][i] = floats.valueBits();
            case HistogramIterator integers -> fill(i, integers.histogram());
            case FloatHistogramIterator floats -> fill(i, floats.histogram());
        }
    }

    private void fill(int i, Histogram histogram) {
        require(histogram.positive().length + histogram.negative().length);
        columns[0][i] = Double.doubleToRawLongBits(histogram.sum());
        columns[1][i] = histogram.count();
        columns[2][i] = histogram.zeroCount();
        int column = HEAD_COLUMNS;
        for (long[] deltas : new long[][] {histogram.positive(), histogram.negative()}) {
            long bucket = 0;
            for (long delta : deltas) {
                bucket += delta;
                columns[column++][i] = bucket;
            }
        }
    }

    private void fill(int i, FloatHistogram histogram) {
        require(histogram.positive().length + histogram.negative().length);
        columns[0][i] = Double.doubleToRawLongBits(histogram.sum());
        columns[1][i] = Double.doubleToRawLongBits(histogram.count());
        columns[2][i] = Double.doubleToRawLongBits(histogram.zeroCount());
        int column = HEAD_COLUMNS;
        for (double[] buckets : new double[][] {histogram.positive(), histogram.negative()}) {
            for (double bucket : buckets) {
                columns[column++][i] = Double.doubleToRawLongBits(bucket);
            }
        }
    }

    private void require(int buckets) {
        if (buckets != columns.length - HEAD_COLUMNS) {
            throw new IllegalArgumentException("%d buckets behind a stale marker".formatted(buckets));
        }
    }

    boolean isStaleMarker(int i) {
        return columns[0][i] == StaleMarker.BITS;
    }

    Histogram histogram(int i) {
        if (isStaleMarker(i)) {
            return Histogram.staleMarker();
        }
        long[][] sides = new long[][] {new long[layout.positiveBuckets()], new long[layout.negativeBuckets()]};
        int column = HEAD_COLUMNS;
        for (long[] side : sides) {
            long before = 0;
            for (int bucket = 0; bucket < side.length; bucket++) {
                long now = columns[column++][i];
                side[bucket] = now - before;
                before = now;
            }
        }
        double sum = Double.longBitsToDouble(columns[0][i]);
        return new Histogram(layout, columns[1][i], columns[2][i], sum, sides[0], sides[1]);
    }

    FloatHistogram floatHistogram(int i) {
        if (isStaleMarker(i)) {
            return FloatHistogram.staleMarker();
        }
        double[][] sides = new double[][] {new double[layout.positiveBuckets()], new double[layout.negativeBuckets()]};
        int column = HEAD_COLUMNS;
        for (double[] side : sides) {
            for (int bucket = 0; bucket < side.length; bucket++) {
                side[bucket] = number(column++, i);
            }
        }
        return new FloatHistogram(layout, number(1, i), number(2, i), number(0, i), sides[0], sides[1]);
    }

    private double number(int column, int i) {
        return Double.longBitsToDouble(columns[column][i]);
    }
}
