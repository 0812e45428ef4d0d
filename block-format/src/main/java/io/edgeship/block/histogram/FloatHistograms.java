package io.edgeship.block.histogram;

import java.util.Arrays;
import java.util.List;

/// Arithmetic on histograms, to the bit as `model/histogram/float_histogram.go` of Prometheus 3.9 does it, which Thanos
/// 0.43 links. Stateless.
///
/// Two histograms that are added, subtracted or compared have the same zero threshold, and the same schema; custom
/// boundaries are the same too. What Prometheus does where they differ changes what is known of the observations:
/// callers keep such histograms apart.
public final class FloatHistograms {
    private static final double[] NO_BUCKETS = {};

    private FloatHistograms() {}

    /// The same observations with fractional counts.
    public static FloatHistogram of(Histogram histogram) {
        boolean custom = histogram.layout().schema() == HistogramLayout.CUSTOM_BOUNDS;
        return new FloatHistogram(
                histogram.layout(),
                (double) histogram.count(),
                custom ? 0 : (double) histogram.zeroCount(),
                histogram.sum(),
                running(histogram.positive()),
                running(histogram.negative()));
    }

    /// The observations of each bucket.
    ///
    /// @param deltas each to the one before
    private static double[] running(long[] deltas) {
        if (deltas.length == 0) {
            return NO_BUCKETS;
        }
        double[] counts = new double[deltas.length];
        double count = 0;
        for (int i = 0; i < deltas.length; i++) {
            count += (double) deltas[i];
            counts[i] = count;
        }
        return counts;
    }

    /// Whether values can be added and compared bucket by bucket once both have the lower one's schema.
    public static boolean areComparable(HistogramLayout a, HistogramLayout b) {
        boolean custom = a.schema() == HistogramLayout.CUSTOM_BOUNDS;
        return custom == (b.schema() == HistogramLayout.CUSTOM_BOUNDS)
                && a.zeroThreshold() == b.zeroThreshold()
                && a.customBounds().equals(b.customBounds());
    }

    /// Merges buckets so that they grow by the factor of a lower schema.
    public static FloatHistogram reduce(FloatHistogram histogram, int schema) {
        HistogramLayout layout = histogram.layout();
        if (layout.schema() == schema) {
            return histogram;
        }
        if (schema > layout.schema() || layout.schema() == HistogramLayout.CUSTOM_BOUNDS) {
            throw new IllegalArgumentException("from schema %d to %d".formatted(layout.schema(), schema));
        }
        Side positive = new Side(layout.positiveSpans(), histogram.positive()).reduce(layout.schema() - schema);
        Side negative = new Side(layout.negativeSpans(), histogram.negative()).reduce(layout.schema() - schema);
        HistogramLayout reduced = new HistogramLayout(
                schema, layout.zeroThreshold(), positive.spans(), negative.spans(), layout.customBounds());
        return new FloatHistogram(
                reduced,
                histogram.count(),
                histogram.zeroCount(),
                histogram.sum(),
                positive.counts(),
                negative.counts());
    }

    public static FloatHistogram add(FloatHistogram a, FloatHistogram b) {
        return combine(a, b, 1);
    }

    public static FloatHistogram subtract(FloatHistogram a, FloatHistogram b) {
        return combine(a, b, -1);
    }

    private static FloatHistogram combine(FloatHistogram a, FloatHistogram b, int sign) {
        HistogramLayout layout = a.layout();
        if (layout.schema() != b.layout().schema() || !areComparable(layout, b.layout())) {
            throw new IllegalArgumentException("%s and %s".formatted(layout, b.layout()));
        }
        if (haveSameBuckets(layout, b.layout())) { // as almost always
            return new FloatHistogram(
                    layout,
                    plus(a.count(), b.count(), sign),
                    plus(a.zeroCount(), b.zeroCount(), sign),
                    plus(a.sum(), b.sum(), sign),
                    sums(a.positive(), b.positive(), sign),
                    sums(a.negative(), b.negative(), sign));
        }
        Side positive = new Side(layout.positiveSpans(), a.positive())
                .plus(new Side(b.layout().positiveSpans(), b.positive()), sign);
        Side negative = new Side(layout.negativeSpans(), a.negative())
                .plus(new Side(b.layout().negativeSpans(), b.negative()), sign);
        return new FloatHistogram(
                new HistogramLayout(
                        layout.schema(),
                        layout.zeroThreshold(),
                        positive.spans(),
                        negative.spans(),
                        layout.customBounds()),
                plus(a.count(), b.count(), sign),
                plus(a.zeroCount(), b.zeroCount(), sign),
                plus(a.sum(), b.sum(), sign),
                positive.counts(),
                negative.counts());
    }

    private static double plus(double a, double b, int sign) {
        return sign > 0 ? a + b : a - b;
    }

    private static boolean haveSameBuckets(HistogramLayout a, HistogramLayout b) {
        return a.positiveSpans().equals(b.positiveSpans()) && a.negativeSpans().equals(b.negativeSpans());
    }

    private static double[] sums(double[] a, double[] b, int sign) {
        if (a.length == 0) {
            return NO_BUCKETS;
        }
        double[] sums = new double[a.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = a[i] + b[i] * sign;
        }
        return sums;
    }

    /// Whether the counter began anew between two histograms: a count went down, or the resolution went up.
    public static boolean wentDown(FloatHistogram before, FloatHistogram after) {
        int schema = after.layout().schema();
        if (after.count() < before.count() || schema > before.layout().schema()) {
            return true;
        }
        FloatHistogram previous = reduce(before, schema);
        return after.zeroCount() < before.zeroCount()
                || new Side(previous.layout().positiveSpans(), previous.positive())
                        .isMoreThan(new Side(after.layout().positiveSpans(), after.positive()))
                || new Side(previous.layout().negativeSpans(), previous.negative())
                        .isMoreThan(new Side(after.layout().negativeSpans(), after.negative()));
    }

    /// The positive or the negative buckets.
    private record Side(List<Span> spans, double[] counts) {
        Side reduce(int bySchemas) {
            int[] indexes = Buckets.indexes(spans);
            int[] reduced = new int[indexes.length];
            double[] sums = new double[indexes.length];
            int last = -1;
            for (int i = 0; i < indexes.length; i++) {
                int index = ((indexes[i] - 1) >> bySchemas) + 1;
                if (last < 0 || reduced[last] != index) {
                    reduced[++last] = index;
                    sums[last] = counts[i];
                } else {
                    sums[last] += counts[i];
                }
            }
            return new Side(Buckets.spans(Arrays.copyOf(reduced, last + 1)), Arrays.copyOf(sums, last + 1));
        }

        Side plus(Side other, int sign) {
            return spans.equals(other.spans)
                    ? new Side(spans, sums(counts, other.counts, sign))
                    : plusOtherBuckets(other, sign);
        }

        private Side plusOtherBuckets(Side other, int sign) {
            int[] mine = Buckets.indexes(spans);
            int[] theirs = Buckets.indexes(other.spans);
            SpanList grown = new SpanList(spans);
            for (int index : theirs) {
                grown.add(index);
            }
            List<Span> together = grown.toSpans();
            int[] all = Buckets.indexes(together);
            double[] sums = new double[all.length];
            int a = 0;
            int b = 0;
            for (int i = 0; i < all.length; i++) {
                boolean isMine = a < mine.length && mine[a] == all[i];
                boolean isTheirs = b < theirs.length && theirs[b] == all[i];
                double added = isTheirs ? other.counts[b++] * sign : 0;
                if (isMine) {
                    sums[i] = isTheirs ? counts[a++] + added : counts[a++];
                } else {
                    sums[i] = added;
                }
            }
            return new Side(together, sums);
        }

        /// Whether any bucket is, one that `other` lacks counting nothing there.
        boolean isMoreThan(Side other) {
            int[] mine = Buckets.indexes(spans);
            int[] theirs = Buckets.indexes(other.spans);
            int b = 0;
            for (int a = 0; a < mine.length; a++) {
                while (b < theirs.length && theirs[b] < mine[a]) {
                    b++;
                }
                boolean isTheirs = b < theirs.length && theirs[b] == mine[a];
                if (isTheirs ? other.counts[b] < counts[a] : counts[a] != 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
