package io.edgeship.block.downsample;

import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.HistogramLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Histograms in the order of time, their counts side by side in pages that are kept for the next run: a series of two
/// weeks has forty thousand, and as so many objects they would outlive the young generation. Not thread-safe.
final class HistogramRun {
    private static final int FIRST_CAPACITY = 128;
    private static final int PAGE_BITS = 14;
    private static final int PAGE_SIZE = 1 << PAGE_BITS;
    private static final int FIRST_PAGE_SIZE = 1 << 9; // most runs are short: of a few chunks of aggregates

    /// Of a histogram, beside its buckets: observations, those of the zero bucket, sum.
    private static final int SCALARS = 3;

    private long[] times = new long[FIRST_CAPACITY];
    private int[] places = new int[FIRST_CAPACITY]; // the page and the offset in it
    private boolean[] gauges = new boolean[FIRST_CAPACITY];
    private boolean[] onward = new boolean[FIRST_CAPACITY];
    private HistogramLayout[] layouts = new HistogramLayout[FIRST_CAPACITY];
    private final List<double[]> pages = new ArrayList<>();
    private int page = -1; // the one that is written to
    private int used; // of that page
    private int size;

    /// @param goesOn whether its chunk says that no count went down since the one before it
    void add(long timeMillis, boolean isGauge, boolean goesOn, FloatHistogram histogram) {
        if (size == times.length) {
            grow(2 * size);
        }
        times[size] = timeMillis;
        gauges[size] = isGauge;
        onward[size] = goesOn;
        layouts[size] = histogram.layout();
        places[size] = store(histogram);
        size++;
    }

    private void grow(int capacity) {
        times = Arrays.copyOf(times, capacity);
        places = Arrays.copyOf(places, capacity);
        gauges = Arrays.copyOf(gauges, capacity);
        onward = Arrays.copyOf(onward, capacity);
        layouts = Arrays.copyOf(layouts, capacity);
    }

    private int store(FloatHistogram histogram) {
        int positives = histogram.positive().length;
        int negatives = histogram.negative().length;
        int length = SCALARS + positives + negatives;
        if (page < 0 || used + length > Math.min(PAGE_SIZE, pages.get(page).length)) {
            turn(length); // one that is longer than a page gets one of its own
        }
        double[] to = pages.get(page);
        int at = used;
        to[at] = histogram.count();
        to[at + 1] = histogram.zeroCount();
        to[at + 2] = histogram.sum();
        System.arraycopy(histogram.positive(), 0, to, at + SCALARS, positives);
        System.arraycopy(histogram.negative(), 0, to, at + SCALARS + positives, negatives);
        used += length;
        return page << PAGE_BITS | at;
    }

    private void turn(int length) {
        page++;
        used = 0;
        if (page == pages.size()) {
            pages.add(new double[Math.max(page == 0 ? FIRST_PAGE_SIZE : PAGE_SIZE, length)]);
        } else if (pages.get(page).length < length) {
            pages.set(page, new double[length]);
        }
    }

    void clear() {
        Arrays.fill(layouts, 0, size, HistogramLayout.NONE);
        size = 0;
        page = -1;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long time(int i) {
        return times[i];
    }

    boolean isGauge(int i) {
        return gauges[i];
    }

    /// Whether its chunk says that no count went down since the one before it.
    boolean goesOn(int i) {
        return onward[i];
    }

    HistogramLayout layout(int i) {
        return layouts[i];
    }

    double sum(int i) {
        return pages.get(places[i] >>> PAGE_BITS)[offset(i) + 2];
    }

    /// A copy of its own.
    FloatHistogram histogram(int i) {
        double[] from = pages.get(places[i] >>> PAGE_BITS);
        int at = offset(i);
        int positive = at + SCALARS;
        int negative = positive + layouts[i].positiveBuckets();
        return new FloatHistogram(
                layouts[i],
                from[at],
                from[at + 1],
                from[at + 2],
                Arrays.copyOfRange(from, positive, negative),
                Arrays.copyOfRange(from, negative, negative + layouts[i].negativeBuckets()));
    }

    private int offset(int i) {
        return places[i] & PAGE_SIZE - 1;
    }
}
