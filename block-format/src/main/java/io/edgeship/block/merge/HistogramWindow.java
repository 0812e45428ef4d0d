package io.edgeship.block.merge;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;

/// One window of native histograms.
record HistogramWindow(
        long firstMillis, long endMillis, boolean isGauge, double count, FloatHistogram sum, FloatHistogram counter)
        implements AggregateWindow {
    /// Whether both can be in one chunk, as far as their buckets go.
    boolean goesWith(HistogramWindow other) {
        return isGauge == other.isGauge && haveOneLayout(sum, other.sum) && haveOneLayout(counter, other.counter);
    }

    private static boolean haveOneLayout(FloatHistogram a, FloatHistogram b) {
        return a.layout().schema() == b.layout().schema() && FloatHistograms.areComparable(a.layout(), b.layout());
    }

    @Override
    public boolean isSameAs(AggregateWindow other) {
        return other instanceof HistogramWindow it
                && it.endMillis == endMillis
                && it.count == count
                && it.sum.isSameAs(sum);
    }
}
