package io.edgeship.it;

import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.Histogram;
import io.edgeship.block.histogram.HistogramLayout;
import io.edgeship.block.histogram.Span;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.sample.FloatSample;
import io.edgeship.block.sample.HistogramSample;
import io.edgeship.block.sample.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Series that a compactor can get wrong. Each is a function of time, so that blocks can be made in any order and
/// for any window. Left out is what a stock Thanos gets wrong itself: a series that changes between exponential and
/// custom buckets, or the width of its zero bucket.
final class Oddities {
    static final long STEP_MILLIS = 120_000;

    private static final double[] SPECIAL = {
        0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e308, 1.1
    };

    private Oddities() {}

    /// One series.
    @FunctionalInterface
    interface Shape {
        /// @param step of a sample every two minutes
        /// @return null where there is none
        @Nullable Sample at(long step, long timeMillis);
    }

    /// When a site is on.
    @FunctionalInterface
    interface On {
        On ALWAYS = _ -> true;

        /// Eight hours of each day.
        On BY_DAY = window -> window % 12 >= 4 && window % 12 < 8;

        /// @param window of two hours, counted from the first
        boolean in(long window);
    }

    /// Whether a replica missed the sample: another one for each, some minutes at a time.
    static boolean isMissing(long step, int salt) {
        return salt != 0 && (step + salt) / 11 % 13 == 0;
    }

    /// @param changed the step whose sample is another in one series; -1 for none
    static Map<LabelSet, Shape> series(long changed) {
        Map<LabelSet, Shape> series = new TreeMap<>();
        addFloats(series);
        add(series, "changed", (step, time) -> number(time, (double) (step == changed ? step + 1 : step) / 3));
        addHistograms(series);
        return series;
    }

    private static void addFloats(Map<LabelSet, Shape> to) {
        add(to, "resets_often_total", (step, time) -> number(time, (double) (step % 37 * 3)));
        add(to, "resets_now_and_then_total", (step, time) -> number(time, (double) (step % 1009) + 0.1));
        add(to, "resets_at_the_end_of_blocks_total", (step, time) -> number(time, (double) (step % 60)));
        add(to, "special", (step, time) -> number(time, SPECIAL[(int) (step % SPECIAL.length)]));
        add(to, "fractions", (step, time) -> number(time, Math.floorMod(step * 7919, 10_007) / 7.0));
        add(to, "one_a_block", (step, time) -> step % 60 == 41 ? number(time, (double) step) : null);
        add(to, "starts_late", (step, time) -> step > 4000 ? number(time, (double) step) : null);
        add(to, "lives_for_an_hour", (step, time) -> step / 30 == 40 ? number(time, 1) : null);
        add(to, "comes_and_goes_total", (step, time) -> switch ((int) (step % 50 / 10)) {
            case 3 -> step % 10 == 0 ? new FloatSample(0, time, StaleMarker.BITS) : null;
            case 4 -> null;
            default -> number(time, (double) (step % 5000));
        });
        for (String zone :
                List.of("", "Zürich", "東京", "\uD83D\uDE80", "\uFFFD")) { // the order of bytes is not that of chars
            to.put(
                    LabelSet.of(Map.of("__name__", "zoned", "zone", zone + "-")),
                    (step, time) -> number(time, (double) (step + zone.length())));
        }
    }

    private static void addHistograms(Map<LabelSet, Shape> to) {
        add(to, "exponential", (step, time) -> new HistogramSample(0, time, false, counts(step % 700, false)));
        add(to, "custom", (step, time) -> new HistogramSample(0, time, false, counts(step % 700, true)));
        add(to, "exponential_gauge", (step, time) -> new HistogramSample(0, time, true, counts(step % 17, false)));
        add(to, "fractional", (step, time) -> new FloatHistogramSample(0, time, false, fractions(step % 900)));
        add(to, "fractional_gauge", (step, time) -> new FloatHistogramSample(0, time, true, fractions(step % 23)));
        add(to, "exponential_goes_stale", (step, time) -> switch ((int) (step % 100)) {
            case 80 -> new HistogramSample(0, time, false, Histogram.staleMarker());
            case 81, 82, 83, 84, 85, 86, 87, 88, 89 -> null;
            default -> new HistogramSample(0, time, false, counts(step % 3000, false));
        });
        add(
                to,
                "float_or_histogram",
                (step, time) -> step / 90 % 2 == 0
                        ? number(time, (double) step)
                        : new HistogramSample(0, time, false, counts(step, false)));
    }

    private static void add(Map<LabelSet, Shape> to, String name, Shape shape) {
        to.put(LabelSet.of(Map.of("__name__", "odd_" + name, "instance", "a")), shape);
    }

    private static Sample number(long timeMillis, double value) {
        return new FloatSample(0, timeMillis, Double.doubleToRawLongBits(value));
    }

    /// Buckets come and stay while the count goes up, as they do in a real one.
    private static Histogram counts(long upTo, boolean custom) {
        int buckets = (int) Math.min(6, 2 + upTo / 100);
        long[] deltas = new long[buckets];
        deltas[0] = upTo;
        for (int i = 1; i < buckets; i++) {
            deltas[i] = i % 2 == 0 ? 1 : 0;
        }
        long count = 0;
        long inBucket = 0;
        for (long delta : deltas) {
            inBucket += delta;
            count += inBucket;
        }
        return new Histogram(layout(buckets, custom), count, 0, (double) count * 0.3, deltas, new long[0]);
    }

    private static FloatHistogram fractions(long upTo) {
        int buckets = (int) Math.min(6, 2 + upTo / 100);
        double[] counts = new double[buckets];
        double count = 0;
        for (int i = 0; i < buckets; i++) {
            counts[i] = (double) upTo + i / 4.0;
            count += counts[i];
        }
        return new FloatHistogram(layout(buckets, false), count, 0, count / 3, counts, new double[0]);
    }

    private static HistogramLayout layout(int buckets, boolean custom) {
        List<Span> spans = List.of(new Span(0, buckets));
        return custom
                ? new HistogramLayout(
                        HistogramLayout.CUSTOM_BOUNDS, 0, spans, List.of(), List.of(0.1, 0.2, 0.5, 1.0, 2.0))
                : new HistogramLayout(2, 0x1p-128, spans, List.of(), List.of());
    }
}
