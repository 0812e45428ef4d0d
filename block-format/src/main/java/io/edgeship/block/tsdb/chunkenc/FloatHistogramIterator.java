package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Decodes chunks of histograms with fractional counts.
public final class FloatHistogramIterator extends HistogramChunkIterator {
    private final XorWindow count = new XorWindow(0);
    private final XorWindow zeroCount = new XorWindow(0);
    private final XorWindow sum = new XorWindow(0);
    private XorWindow[] positive = {};
    private XorWindow[] negative = {};

    public FloatHistogramIterator(byte[] data, boolean withStarts) {
        super(data, HistogramHeader.read(data, withStarts), withStarts);
    }

    @Override
    void first() throws EndOfBits {
        count.bits = in.bits(Long.SIZE);
        zeroCount.bits = in.bits(Long.SIZE);
        sum.bits = in.bits(Long.SIZE);
        positive = buckets(layout.positiveBuckets());
        negative = buckets(layout.negativeBuckets());
    }

    private XorWindow[] buckets(int number) throws EndOfBits {
        if ((long) number * Long.SIZE > in.bitsLeft()) {
            throw new EndOfBits();
        }
        XorWindow[] buckets = new XorWindow[number];
        for (int i = 0; i < number; i++) {
            buckets[i] = new XorWindow(in.bits(Long.SIZE));
        }
        return buckets;
    }

    @Override
    void following() throws EndOfBits {
        count.read(in);
        zeroCount.read(in);
        sum.read(in);
        if (isStaleMarker()) {
            return;
        }
        for (XorWindow bucket : positive) {
            bucket.read(in);
        }
        for (XorWindow bucket : negative) {
            bucket.read(in);
        }
    }

    @Override
    public boolean isStaleMarker() {
        return sum.bits == StaleMarker.BITS;
    }

    /// The sample that [#next] moved to, its own for ever.
    public FloatHistogram histogram() {
        if (isStaleMarker()) {
            return FloatHistogram.staleMarker();
        }
        return new FloatHistogram(
                layout, value(count), value(zeroCount), value(sum), values(positive), values(negative));
    }

    private static double value(XorWindow window) {
        return Double.longBitsToDouble(window.bits);
    }

    private static double[] values(XorWindow[] buckets) {
        double[] values = new double[buckets.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(buckets[i]);
        }
        return values;
    }
}
