package io.edgeship.block.sample;

import io.edgeship.block.histogram.FloatHistogram;

/// A native histogram of fractional counts.
///
/// @param isGauge whether its counts go up and down
public record FloatHistogramSample(long startMillis, long timeMillis, boolean isGauge, FloatHistogram histogram)
        implements Sample {
    @Override
    public boolean isSameValue(Sample other) {
        return other instanceof FloatHistogramSample it && it.isGauge == isGauge && it.histogram.isSameAs(histogram);
    }
}
