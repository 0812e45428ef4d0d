package io.edgeship.it;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a querier answered, to the letter: floats and native histograms, by series. Two answers of one program are
/// equal only if every bit of a value is.
record Answer(SortedMap<String, List<Answer.Point>> bySeries) {
    private static final int DIFFERENCES_MAX = 10;
    private static final int POINTS_SHOWN = 3;

    /// @param timeSeconds as it was printed
    /// @param value       a number, or a histogram with its buckets
    record Point(String timeSeconds, String value) {
        boolean isHistogram() {
            return value.startsWith("{");
        }

        @Override
        public String toString() {
            return value + " @" + timeSeconds;
        }
    }

    /// @param asked stands for the query in errors
    static Answer parse(InputStream json, String asked) throws IOException {
        Map<String, Object> answer = JSON.std.mapFrom(json);
        if (!"success".equals(answer.get("status")) || !(answer.get("data") instanceof Map<?, ?> data)) {
            throw new IOException(asked + " answered " + answer);
        }
        SortedMap<String, List<Point>> bySeries = new TreeMap<>();
        for (Object one : list(data.get("result"))) {
            if (!(one instanceof Map<?, ?> series) || !(series.get("metric") instanceof Map<?, ?> labels)) {
                throw new IOException(asked + " answered what is no series: " + one);
            }
            List<Point> points = new ArrayList<>();
            for (String key : List.of("value", "histogram")) {
                if (series.containsKey(key)) {
                    points.add(point(series.get(key)));
                }
            }
            for (String key : List.of("values", "histograms")) {
                list(series.get(key)).forEach(pair -> points.add(point(pair)));
            }
            bySeries.put(new TreeMap<>(labels).toString(), points);
        }
        return new Answer(bySeries);
    }

    private static Point point(@Nullable Object pair) {
        List<?> both = list(pair);
        return new Point(String.valueOf(both.getFirst()), String.valueOf(both.getLast()));
    }

    private static List<?> list(@Nullable Object json) {
        return json instanceof List<?> values ? values : List.of();
    }

    boolean hasHistograms() {
        return bySeries.values().stream().flatMap(List::stream).anyMatch(Point::isHistogram);
    }

    long points() {
        return bySeries.values().stream().mapToLong(List::size).sum();
    }

    /// What `actual` has otherwise, in sentences; empty if the two are the same.
    static List<String> differences(Answer expected, Answer actual) {
        List<String> differences = new ArrayList<>();
        Set<String> all = new HashSet<>(expected.bySeries.keySet());
        all.addAll(actual.bySeries.keySet());
        for (String series : all) {
            List<Point> wanted = expected.bySeries.getOrDefault(series, List.of());
            List<Point> got = actual.bySeries.getOrDefault(series, List.of());
            if (!wanted.equals(got) && differences.size() < DIFFERENCES_MAX) {
                differences.add("%s: wanted %d points, got %d; wanted and not got %s; got and not wanted %s"
                        .formatted(series, wanted.size(), got.size(), without(wanted, got), without(got, wanted)));
            }
        }
        return differences;
    }

    private static List<Point> without(List<Point> some, List<Point> others) {
        Set<Point> known = new HashSet<>(others);
        return some.stream()
                .filter(point -> !known.contains(point))
                .limit(POINTS_SHOWN)
                .toList();
    }
}
