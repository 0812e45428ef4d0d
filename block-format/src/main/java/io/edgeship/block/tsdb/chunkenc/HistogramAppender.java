package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.histogram.Histogram;

/// Encodes histograms with integer counts, all of the layout of the first, as Prometheus' own appender does to the
/// bit. Not thread-safe.
public final class HistogramAppender {
    private final BitWriter out = new BitWriter();
    private final XorWindow sum = new XorWindow(0);
    private final StartTimes starts = new StartTimes();
    private final boolean withStarts;
    private int samples;
    private long time;
    private long delta;
    private long count;
    private long countDelta;
    private long zeroCount;
    private long zeroCountDelta;
    private long[] positive = {};
    private long[] positiveDeltas = {};
    private long[] negative = {};
    private long[] negativeDeltas = {};

    /// @param withStarts whether to write start timestamps (encoding 5) or not (2)
    public HistogramAppender(boolean withStarts) {
        this.withStarts = withStarts;
        out.bits(0, HistogramHeader.BYTES * Byte.SIZE); // set at the end
    }

    /// @param startMillis when counting began; 0 for unknown, and ignored without start timestamps
    /// @throws IllegalArgumentException if the histogram has other buckets than the first one
    /// @throws IllegalStateException if the chunk is full
    public void append(long startMillis, long timeMillis, Histogram histogram) {
        HistogramHeader.requireRoom(samples, withStarts);
        long previous = samples == 0 ? timeMillis : time;
        if (samples == 0) {
            first(timeMillis, histogram);
        } else {
            following(timeMillis, histogram);
        }
        time = timeMillis;
        count = histogram.count();
        zeroCount = histogram.zeroCount();
        if (withStarts) {
            starts.write(out, samples, previous, startMillis);
        }
        samples++;
    }

    private void first(long timeMillis, Histogram histogram) {
        LayoutCodec.write(out, histogram.layout());
        Varbit.write(out, timeMillis);
        Varbit.writeUnsigned(out, histogram.count());
        Varbit.writeUnsigned(out, histogram.zeroCount());
        sum.bits = Double.doubleToRawLongBits(histogram.sum());
        out.bits(sum.bits, Long.SIZE);
        positive = histogram.positive().clone();
        negative = histogram.negative().clone();
        positiveDeltas = new long[positive.length];
        negativeDeltas = new long[negative.length];
        for (long bucket : positive) {
            Varbit.write(out, bucket);
        }
        for (long bucket : negative) {
            Varbit.write(out, bucket);
        }
    }

    private void following(long timeMillis, Histogram histogram) {
        boolean stale = histogram.isStaleMarker();
        long nextDelta = timeMillis - time;
        long nextCountDelta = histogram.count() - count;
        long nextZeroCountDelta = histogram.zeroCount() - zeroCount;
        Varbit.write(out, nextDelta - delta);
        Varbit.write(out, stale ? 0 : nextCountDelta - countDelta);
        Varbit.write(out, stale ? 0 : nextZeroCountDelta - zeroCountDelta);
        delta = nextDelta;
        countDelta = nextCountDelta;
        zeroCountDelta = nextZeroCountDelta;
        sum.write(out, Double.doubleToRawLongBits(histogram.sum()));
        if (!stale) {
            advance(positive, positiveDeltas, histogram.positive());
            advance(negative, negativeDeltas, histogram.negative());
        }
    }

    private void advance(long[] buckets, long[] deltas, long[] next) {
        if (buckets.length != next.length) {
            throw new IllegalArgumentException(
                    "a histogram of %d buckets after one of %d".formatted(next.length, buckets.length));
        }
        for (int i = 0; i < next.length; i++) {
            long nextDelta = next[i] - buckets[i];
            Varbit.write(out, nextDelta - deltas[i]);
            deltas[i] = nextDelta;
            buckets[i] = next[i];
        }
    }

    public int count() {
        return samples;
    }

    /// Bytes of the chunk so far.
    public int sizeBytes() {
        return out.sizeBytes();
    }

    /// The chunk's data. More may be appended afterwards.
    public byte[] toBytes(CounterReset reset, BitDialect dialect) {
        byte[] data = out.toBytes(dialect);
        new HistogramHeader(samples, reset, starts.header()).write(data, withStarts);
        return data;
    }
}
