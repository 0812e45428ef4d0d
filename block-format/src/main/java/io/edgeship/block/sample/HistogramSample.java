package io.edgeship.block.sample;

import io.edgeship.block.histogram.Histogram;

/// A native histogram of integer counts.
///
/// @param isGauge whether its counts go up and down
public record HistogramSample(long startMillis, long timeMillis, boolean isGauge, Histogram histogram)
        implements Sample {
    @Override
    public boolean isSameValue(Sample other) {
        return other instanceof HistogramSample it && it.isGauge == isGauge && it.histogram.isSameAs(histogram);
    }
}
