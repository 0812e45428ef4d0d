package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Decodes chunks of histograms with integer counts.
public final class HistogramIterator extends HistogramChunkIterator {
    private final XorWindow sum = new XorWindow(0);
    private long count;
    private long countDelta;
    private long zeroCount;
    private long zeroCountDelta;
    private long[] positive = {};
    private long[] positiveDeltas = {};
    private long[] negative = {};
    private long[] negativeDeltas = {};

    public HistogramIterator(byte[] data, boolean withStarts) {
        super(data, HistogramHeader.read(data, withStarts), withStarts);
    }

    @Override
    void first() throws EndOfBits {
        count = Varbit.readUnsigned(in);
        zeroCount = Varbit.readUnsigned(in);
        sum.bits = in.bits(Long.SIZE);
        positive = buckets(layout.positiveBuckets());
        negative = buckets(layout.negativeBuckets());
        positiveDeltas = new long[positive.length];
        negativeDeltas = new long[negative.length];
        for (long[] buckets : new long[][] {positive, negative}) {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = Varbit.read(in);
            }
        }
    }

    /// Each has a bit at least.
    private long[] buckets(int number) throws EndOfBits {
        if (number > in.bitsLeft()) {
            throw new EndOfBits();
        }
        return new long[number];
    }

    @Override
    void following() throws EndOfBits {
        countDelta += Varbit.read(in);
        count += countDelta;
        zeroCountDelta += Varbit.read(in);
        zeroCount += zeroCountDelta;
        sum.read(in);
        if (!isStaleMarker()) {
            advance(positive, positiveDeltas);
            advance(negative, negativeDeltas);
        }
    }

    private void advance(long[] buckets, long[] deltas) throws EndOfBits {
        for (int i = 0; i < buckets.length; i++) {
            deltas[i] += Varbit.read(in);
            buckets[i] += deltas[i];
        }
    }

    @Override
    public boolean isStaleMarker() {
        return sum.bits == StaleMarker.BITS;
    }

    /// The sample that [#next] moved to, its own for ever.
    public Histogram histogram() {
        if (isStaleMarker()) {
            return Histogram.staleMarker();
        }
        return new Histogram(
                layout, count, zeroCount, Double.longBitsToDouble(sum.bits), positive.clone(), negative.clone());
    }

    /// The same with fractional counts, its own likewise; not of a stale marker.
    public FloatHistogram floatHistogram() {
        double value = Double.longBitsToDouble(sum.bits);
        return FloatHistograms.of(new Histogram(layout, count, zeroCount, value, positive, negative));
    }
}
