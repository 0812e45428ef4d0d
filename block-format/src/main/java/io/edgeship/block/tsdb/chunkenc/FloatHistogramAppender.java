package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.histogram.FloatHistogram;

/// Encodes histograms with fractional counts, all of the layout of the first, as Prometheus' own appender does to the
/// bit. Not thread-safe.
public final class FloatHistogramAppender {
    private final BitWriter out = new BitWriter();
    private final XorWindow count = new XorWindow(0);
    private final XorWindow zeroCount = new XorWindow(0);
    private final XorWindow sum = new XorWindow(0);
    private final StartTimes starts = new StartTimes();
    private final boolean withStarts;
    private int samples;
    private long time;
    private long delta;
    private XorWindow[] positive = {};
    private XorWindow[] negative = {};

    /// @param withStarts whether to write start timestamps (encoding 6) or not (3)
    public FloatHistogramAppender(boolean withStarts) {
        this.withStarts = withStarts;
        out.bits(0, HistogramHeader.BYTES * Byte.SIZE); // set at the end
    }

    /// @param startMillis when counting began; 0 for unknown, and ignored without start timestamps
    /// @throws IllegalArgumentException if the histogram has other buckets than the first one
    /// @throws IllegalStateException if the chunk is full
    public void append(long startMillis, long timeMillis, FloatHistogram histogram) {
        HistogramHeader.requireRoom(samples, withStarts);
        long previous = samples == 0 ? timeMillis : time;
        if (samples == 0) {
            first(timeMillis, histogram);
        } else {
            following(timeMillis, histogram);
        }
        time = timeMillis;
        if (withStarts) {
            starts.write(out, samples, previous, startMillis);
        }
        samples++;
    }

    private void first(long timeMillis, FloatHistogram histogram) {
        LayoutCodec.write(out, histogram.layout());
        Varbit.write(out, timeMillis);
        writeWhole(count, histogram.count());
        writeWhole(zeroCount, histogram.zeroCount());
        writeWhole(sum, histogram.sum());
        positive = writeWhole(histogram.positive());
        negative = writeWhole(histogram.negative());
    }

    private void writeWhole(XorWindow window, double value) {
        window.bits = Double.doubleToRawLongBits(value);
        out.bits(window.bits, Long.SIZE);
    }

    private XorWindow[] writeWhole(double[] values) {
        XorWindow[] buckets = new XorWindow[values.length];
        for (int i = 0; i < values.length; i++) {
            buckets[i] = new XorWindow(0);
            writeWhole(buckets[i], values[i]);
        }
        return buckets;
    }

    private void following(long timeMillis, FloatHistogram histogram) {
        long nextDelta = timeMillis - time;
        Varbit.write(out, nextDelta - delta);
        delta = nextDelta;
        write(count, histogram.count());
        write(zeroCount, histogram.zeroCount());
        write(sum, histogram.sum());
        if (!histogram.isStaleMarker()) {
            write(positive, histogram.positive());
            write(negative, histogram.negative());
        }
    }

    private void write(XorWindow window, double value) {
        window.write(out, Double.doubleToRawLongBits(value));
    }

    private void write(XorWindow[] buckets, double[] next) {
        if (buckets.length != next.length) {
            throw new IllegalArgumentException(
                    "a histogram of %d buckets after one of %d".formatted(next.length, buckets.length));
        }
        for (int i = 0; i < next.length; i++) {
            write(buckets[i], next[i]);
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
