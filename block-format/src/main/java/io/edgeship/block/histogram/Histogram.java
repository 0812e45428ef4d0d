package io.edgeship.block.histogram;

import io.edgeship.block.StaleMarker;

/// One native histogram of integer counts. The arrays are its own: not to be changed.
///
/// @param positive of each bucket of the positive spans, how many more observations it has than the one before
/// @param negative likewise
public record Histogram(
        HistogramLayout layout, long count, long zeroCount, double sum, long[] positive, long[] negative) {
    /// Says that the series went stale.
    public static Histogram staleMarker() {
        double sum = StaleMarker.value();
        return new Histogram(HistogramLayout.NONE, 0, 0, sum, new long[0], new long[0]);
    }

    public boolean isStaleMarker() {
        return Double.doubleToRawLongBits(sum) == StaleMarker.BITS;
    }

    /// Whether `other` says the same of what was observed, to the bit: where buckets are empty makes no difference.
    public boolean isSameAs(Histogram other) {
        return HistogramText.of(this).equals(HistogramText.of(other));
    }
}
