package io.edgeship.block.histogram;

import java.util.List;

/// A histogram as text that is the same for two of them if and only if what they observed is: buckets that are empty do
/// not count, every bit of a number does.
public final class HistogramText {
    private HistogramText() {}

    public static String of(Histogram histogram) {
        HistogramLayout layout = histogram.layout();
        return "histogram of %d, %s, zero %d%s%s, sum %s"
                .formatted(
                        histogram.count(),
                        text(layout),
                        histogram.zeroCount(),
                        buckets("negative", layout.negativeSpans(), running(histogram.negative())),
                        buckets("positive", layout.positiveSpans(), running(histogram.positive())),
                        number(histogram.sum()));
    }

    public static String of(FloatHistogram histogram) {
        HistogramLayout layout = histogram.layout();
        return "float histogram of %s, %s, zero %s%s%s, sum %s"
                .formatted(
                        number(histogram.count()),
                        text(layout),
                        number(histogram.zeroCount()),
                        buckets("negative", layout.negativeSpans(), numbers(histogram.negative())),
                        buckets("positive", layout.positiveSpans(), numbers(histogram.positive())),
                        number(histogram.sum()));
    }

    private static String text(HistogramLayout layout) {
        String bounds = layout.customBounds().isEmpty() ? "" : " " + layout.customBounds();
        return "schema %d%s, threshold %s".formatted(layout.schema(), bounds, number(layout.zeroThreshold()));
    }

    private static String[] running(long[] deltas) {
        String[] counts = new String[deltas.length];
        long count = 0;
        for (int i = 0; i < deltas.length; i++) {
            count += deltas[i];
            counts[i] = Long.toString(count);
        }
        return counts;
    }

    private static String[] numbers(double[] counts) {
        String[] numbers = new String[counts.length];
        for (int i = 0; i < counts.length; i++) {
            numbers[i] = counts[i] == 0 ? "0" : number(counts[i]);
        }
        return numbers;
    }

    /// Digits tell all doubles apart but NaNs.
    public static String number(double value) {
        return Double.isNaN(value)
                ? "NaN (0x%016x)".formatted(Double.doubleToRawLongBits(value))
                : Double.toString(value);
    }

    private static String buckets(String side, List<Span> spans, String[] counts) {
        StringBuilder text = new StringBuilder();
        int index = 0;
        int bucket = 0;
        for (Span span : spans) {
            index += span.offset();
            for (int i = 0; i < span.length(); i++, index++, bucket++) {
                if (!counts[bucket].equals("0")) {
                    text.append(' ').append(index).append(':').append(counts[bucket]);
                }
            }
        }
        return text.isEmpty() ? "" : ", " + side + text;
    }
}
