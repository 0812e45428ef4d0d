package io.edgeship.block.histogram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which buckets spans name, by index. Stateless.
public final class Buckets {
    private Buckets() {}

    /// The index of each bucket, ascending.
    public static int[] indexes(List<Span> spans) {
        int[] indexes = new int[count(spans)];
        int bucket = 0;
        int index = 0;
        for (Span span : spans) {
            index += span.offset();
            for (int i = 0; i < span.length(); i++) {
                indexes[bucket++] = index++;
            }
        }
        return indexes;
    }

    /// How many buckets spans name.
    static int count(List<Span> spans) {
        int count = 0;
        for (Span span : spans) {
            count += span.length();
        }
        return count;
    }

    /// The fewest spans that name these buckets.
    ///
    /// @param indexes ascending
    public static List<Span> spans(int[] indexes) {
        List<Span> spans = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < indexes.length; ) {
            int from = i;
            do {
                i++;
            } while (i < indexes.length && indexes[i] == indexes[i - 1] + 1);
            spans.add(new Span(indexes[from] - end, i - from));
            end = indexes[i - 1] + 1;
        }
        return spans;
    }

    /// Every bucket of either, ascending.
    public static int[] union(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b))
                .sorted()
                .distinct()
                .toArray();
    }

    /// The histogram with more buckets, the new ones empty.
    ///
    /// @param layout that has every bucket of the histogram's
    public static Histogram spread(Histogram from, HistogramLayout layout) {
        return new Histogram(
                layout,
                from.count(),
                from.zeroCount(),
                from.sum(),
                spread(from.positive(), from.layout().positiveSpans(), layout.positiveSpans()),
                spread(from.negative(), from.layout().negativeSpans(), layout.negativeSpans()));
    }

    /// Likewise.
    public static FloatHistogram spread(FloatHistogram from, HistogramLayout layout) {
        return new FloatHistogram(
                layout,
                from.count(),
                from.zeroCount(),
                from.sum(),
                spread(from.positive(), from.layout().positiveSpans(), layout.positiveSpans()),
                spread(from.negative(), from.layout().negativeSpans(), layout.negativeSpans()));
    }

    /// Of deltas from bucket to bucket: an empty one goes down to nothing, and the next one up again.
    private static long[] spread(long[] deltas, List<Span> from, List<Span> to) {
        int[] at = indexes(from);
        int[] wanted = indexes(to);
        long[] spread = new long[wanted.length];
        long count = 0;
        long before = 0;
        int next = 0;
        for (int i = 0; i < wanted.length; i++) {
            boolean isThere = next < at.length && at[next] == wanted[i];
            if (isThere) {
                count += deltas[next++];
            }
            spread[i] = (isThere ? count : 0) - before;
            before = isThere ? count : 0;
        }
        return requireAll(spread, next == at.length);
    }

    private static double[] spread(double[] counts, List<Span> from, List<Span> to) {
        int[] at = indexes(from);
        int[] wanted = indexes(to);
        double[] spread = new double[wanted.length];
        int next = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (next < at.length && at[next] == wanted[i]) {
                spread[i] = counts[next++];
            }
        }
        return requireAll(spread, next == at.length);
    }

    private static <T> T requireAll(T spread, boolean all) {
        if (!all) {
            throw new IllegalArgumentException("the layout lacks a bucket of the histogram");
        }
        return spread;
    }
}
