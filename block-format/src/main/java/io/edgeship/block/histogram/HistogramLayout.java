package io.edgeship.block.histogram;

import java.util.List;

/// Which buckets a native histogram has.
///
/// @param schema        -4 to 8: bucket boundaries grow by the factor 2^(2^-schema); -53: custom boundaries
/// @param zeroThreshold observations within it, either side of zero, count in the zero bucket
/// @param customBounds  upper boundaries of schema -53, else empty
public record HistogramLayout(
        int schema,
        double zeroThreshold,
        List<Span> positiveSpans,
        List<Span> negativeSpans,
        List<Double> customBounds) {
    public static final int CUSTOM_BOUNDS = -53;

    /// Of a histogram that says only that its series went stale.
    public static final HistogramLayout NONE = new HistogramLayout(0, 0, List.of(), List.of(), List.of());

    /// Exponential schemas, those included that no program uses yet.
    private static final int SCHEMA_MIN = -9;

    private static final int SCHEMA_MAX = 52;

    public HistogramLayout {
        positiveSpans = List.copyOf(positiveSpans);
        negativeSpans = List.copyOf(negativeSpans);
        customBounds = List.copyOf(customBounds);
    }

    /// Whether Prometheus could write it.
    public static boolean isKnown(int schema) {
        return schema == CUSTOM_BOUNDS || (SCHEMA_MIN <= schema && schema <= SCHEMA_MAX);
    }

    public int positiveBuckets() {
        return Buckets.count(positiveSpans);
    }

    public int negativeBuckets() {
        return Buckets.count(negativeSpans);
    }
}
