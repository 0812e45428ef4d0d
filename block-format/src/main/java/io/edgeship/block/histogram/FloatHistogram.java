package io.edgeship.block.histogram;

import io.edgeship.block.StaleMarker;

/// One native histogram of fractional counts. The arrays are its own: not to be changed.
///
/// @param positive of each bucket of the positive spans, its observations
/// @param negative likewise
public record FloatHistogram(
        HistogramLayout layout, double count, double zeroCount, double sum, double[] positive, double[] negative) {
    /// Says that the series went stale.
    public static FloatHistogram staleMarker() {
        double sum = StaleMarker.value();
        return new FloatHistogram(HistogramLayout.NONE, 0, 0, sum, new double[0], new double[0]);
    }

    public boolean isStaleMarker() {
        return Double.doubleToRawLongBits(sum) == StaleMarker.BITS;
    }

    /// Whether `other` says the same of what was observed, to the bit: where buckets are empty makes no difference.
    public boolean isSameAs(FloatHistogram other) {
        return HistogramText.of(this).equals(HistogramText.of(other));
    }
}
