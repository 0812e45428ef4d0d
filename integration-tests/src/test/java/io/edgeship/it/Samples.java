package io.edgeship.it;

import io.edgeship.block.TimeRange;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// Samples by series, however they were come by. A doubled sample stays doubled, so that a comparison sees it.
final class Samples {
    /// What Prometheus writes when a series ends; no query answers it.
    static final long STALE_BITS = 0x7ff0000000000002L;

    private static final int DIFFERENCES_MAX = 20;
    private static final long SECOND_MILLIS = 1000;
    private static final MathContext TEN_DIGITS = new MathContext(10);
    private static final Comparator<Sample> BY_TIME =
            Comparator.comparingLong(Sample::timeMillis).thenComparingLong(Sample::bits);

    private final Map<SortedMap<String, String>, List<Sample>> bySeries = new HashMap<>();

    /// One float sample, its value as IEEE 754 bits.
    record Sample(long timeMillis, long bits) {
        static Sample of(long timeMillis, double value) {
            return new Sample(timeMillis, Double.doubleToRawLongBits(value));
        }

        boolean isStale() {
            return bits == STALE_BITS;
        }

        /// The sample as text can tell it: all NaNs are one.
        Sample withOneNaN() {
            return of(
                    timeMillis,
                    Double.isNaN(Double.longBitsToDouble(bits)) ? Double.NaN : Double.longBitsToDouble(bits));
        }

        Sample toTenDigits() {
            double value = Double.longBitsToDouble(bits);
            return Double.isFinite(value)
                    ? of(timeMillis, new BigDecimal(value).round(TEN_DIGITS).doubleValue())
                    : this;
        }

        @Override
        public String toString() {
            return Double.longBitsToDouble(bits) + " @" + timeMillis;
        }
    }

    void add(Map<String, String> labels, Sample sample) {
        bySeries.computeIfAbsent(new TreeMap<>(labels), series -> new ArrayList<>())
                .add(sample);
    }

    /// The value of the only sample there is.
    double onlyValue() {
        return Double.longBitsToDouble(bySeries.values().stream()
                .flatMap(List::stream)
                .reduce((a, b) -> {
                    throw new IllegalStateException("more than one sample: " + bySeries);
                })
                .orElseThrow()
                .bits());
    }

    long count() {
        return bySeries.values().stream().mapToLong(List::size).sum();
    }

    int series() {
        return bySeries.size();
    }

    /// Those from `minTime` (inclusive) to `maxTime` (exclusive), in milliseconds.
    Samples within(long minTime, long maxTime) {
        return only(sample -> minTime <= sample.timeMillis() && sample.timeMillis() < maxTime);
    }

    /// Those that a query can answer.
    Samples withoutStaleMarkers() {
        return only(sample -> !sample.isStale());
    }

    /// The same samples, their series without the labels named.
    Samples withoutLabels(Set<String> names) {
        Samples renamed = new Samples();
        bySeries.forEach((series, samples) -> {
            SortedMap<String, String> labels = new TreeMap<>(series);
            labels.keySet().removeAll(names);
            samples.forEach(sample -> renamed.add(labels, sample));
        });
        return renamed;
    }

    /// The same samples, their values to ten significant digits: two versions of an engine may add in another order.
    Samples toTenDigits() {
        Samples rounded = new Samples();
        bySeries.forEach((series, samples) -> samples.forEach(sample -> rounded.add(series, sample.toTenDigits())));
        return rounded;
    }

    /// The first time from `fromMillis` on that no sample's time equals, nor lies whole seconds from.
    long quietMoment(long fromMillis) {
        Set<Long> taken = new HashSet<>();
        bySeries.values().forEach(samples -> samples.forEach(sample -> taken.add(sample.timeMillis() % SECOND_MILLIS)));
        return LongStream.range(fromMillis, fromMillis + SECOND_MILLIS)
                .filter(time -> !taken.contains(time % SECOND_MILLIS))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("samples at every millisecond of a second"));
    }

    /// The same samples, and those of `others` that are not among them.
    Samples with(Samples others) {
        Samples both = only(sample -> true);
        others.bySeries.forEach((series, samples) -> {
            Set<Sample> known = new HashSet<>(bySeries.getOrDefault(series, List.of()));
            samples.stream().filter(known::add).forEach(sample -> both.add(series, sample));
        });
        return both;
    }

    /// Those that are not among `others`; all NaNs are taken as one.
    Samples without(Samples others) {
        Samples left = new Samples();
        bySeries.forEach((series, samples) -> {
            Set<Sample> known = new HashSet<>(others.sorted(series));
            samples.stream()
                    .filter(sample -> !known.contains(sample.withOneNaN()))
                    .forEach(sample -> left.add(series, sample));
        });
        return left;
    }

    /// The same samples, none of them twice.
    Samples distinct() {
        return new Samples().with(this);
    }

    /// Those whose time lies in no range.
    Samples outside(List<TimeRange> ranges) {
        return only(sample -> ranges.stream().noneMatch(range -> range.contains(sample.timeMillis())));
    }

    /// Some of the samples, for a message.
    List<String> some() {
        return differences(this, new Samples());
    }

    private Samples only(Predicate<Sample> kept) {
        Samples some = new Samples();
        bySeries.forEach((series, samples) -> {
            List<Sample> left = samples.stream().filter(kept).toList();
            if (!left.isEmpty()) {
                some.bySeries.put(series, new ArrayList<>(left));
            }
        });
        return some;
    }

    /// What `actual` lacks, has too often or too much, in sentences; empty if both hold the same samples the same
    /// number of times. NaNs are taken as equal, for text forms have only one.
    static List<String> differences(Samples expected, Samples actual) {
        List<String> differences = new ArrayList<>();
        Set<SortedMap<String, String>> all = new HashSet<>(expected.bySeries.keySet());
        all.addAll(actual.bySeries.keySet());
        for (SortedMap<String, String> series : all) {
            if (differences.size() >= DIFFERENCES_MAX) {
                differences.add("… and perhaps more");
                break;
            }
            compare(series, expected.sorted(series), actual.sorted(series), differences);
        }
        return differences;
    }

    private static void compare(
            SortedMap<String, String> series, List<Sample> expected, List<Sample> actual, List<String> differences) {
        if (expected.equals(actual)) {
            return;
        }
        List<Sample> missing = new ArrayList<>(expected);
        actual.forEach(missing::remove);
        List<Sample> extra = new ArrayList<>(actual);
        expected.forEach(extra::remove);
        if (!missing.isEmpty()) {
            differences.add(
                    "%s lacks %d of %d samples: %s".formatted(series, missing.size(), expected.size(), head(missing)));
        }
        if (!extra.isEmpty()) {
            String kind = expected.containsAll(extra) ? "doubled" : "foreign";
            differences.add("%s has %d %s samples: %s".formatted(series, extra.size(), kind, head(extra)));
        }
    }

    private static List<Sample> head(List<Sample> samples) {
        return samples.subList(0, Math.min(5, samples.size()));
    }

    private List<Sample> sorted(SortedMap<String, String> series) {
        List<Sample> samples = new ArrayList<>();
        for (Sample sample : bySeries.getOrDefault(series, Collections.emptyList())) {
            samples.add(sample.withOneNaN());
        }
        samples.sort(BY_TIME);
        return samples;
    }
}
