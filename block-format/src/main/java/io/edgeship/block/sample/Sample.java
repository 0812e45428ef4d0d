package io.edgeship.block.sample;

/// One sample of a series.
public sealed interface Sample permits FloatSample, HistogramSample, FloatHistogramSample {
    /// When the thing that is counted began; 0 for unknown.
    long startMillis();

    long timeMillis();

    /// Whether `other` has the value of this, to the bit, whatever its times.
    boolean isSameValue(Sample other);
}
