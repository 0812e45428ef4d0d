package io.edgeship.it;

import io.edgeship.block.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Asks two readers for everything their buckets hold, metric by metric: every raw sample, and at each resolution
/// every sample of each aggregate. Two buckets whose answers are the same hold the same for all who read through
/// Thanos.
final class ReadersCompared {
    static final Duration RAW = Duration.ZERO;
    static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    static final Duration ONE_HOUR = Duration.ofHours(1);

    static final List<Duration> RESOLUTIONS = List.of(RAW, FIVE_MINUTES, ONE_HOUR);

    private static final long SLICE_MILLIS = Duration.ofDays(3).toMillis();
    private static final int DIFFERENCES_MAX = 20;

    private final ThanosReader expected;
    private final ThanosReader actual;
    private final List<String> differences = new ArrayList<>();
    private long samples;

    private ReadersCompared(ThanosReader expected, ThanosReader actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /// @param samples     that the blocks were to hold, each counted once
    /// @param differences in sentences, each with its query; no more than a few
    record Outcome(long samples, List<String> differences) {}

    /// Whether the blocks of these resolutions hold the same in `range`, whose ends are full hours.
    ///
    /// @param resolution 0, five minutes or an hour: the coarsest blocks that are read
    static Outcome compare(ThanosReader expected, ThanosReader actual, TimeRange range, Duration resolution)
            throws IOException, InterruptedException {
        ReadersCompared compared = new ReadersCompared(expected, actual);
        List<String> names = expected.values("__name__");
        compared.note("names of metrics", names.equals(actual.values("__name__")) ? List.of() : names);
        for (String name : names) {
            String selector = "{__name__=\"%s\"}".formatted(name);
            boolean histograms = compared.samples(selector, range, resolution);
            if (!resolution.isZero()) {
                compared.aggregates(selector, histograms, range, resolution);
            }
        }
        return new Outcome(compared.samples, List.copyOf(compared.differences));
    }

    /// Every sample with its own time: of downsampled blocks the average, which is sum and count.
    ///
    /// @return whether histograms are among them
    private boolean samples(String selector, TimeRange range, Duration resolution)
            throws IOException, InterruptedException {
        boolean histograms = false;
        for (long from = range.minTime(); from < range.maxTime(); from += SLICE_MILLIS) {
            long to = Math.min(from + SLICE_MILLIS, range.maxTime());
            String promQl = "%s[%dms]".formatted(selector, to - from);
            long at = to - 1; // a range of PromQL 3 does not hold its left end
            Answer wanted = expected.answer(promQl, at, resolution);
            histograms |= wanted.hasHistograms();
            samples += wanted.points();
            note(promQl, wanted, actual.answer(promQl, at, resolution));
        }
        return histograms;
    }

    /// A window of a downsampled block has one sample, so that what is computed over one window is the aggregate.
    /// Which aggregate the store is asked for follows from the function. Of counters windows are compared in pairs,
    /// and by the day, where the samples between chunks count.
    private void aggregates(String selector, boolean histograms, TimeRange range, Duration resolution)
            throws IOException, InterruptedException {
        long window = resolution.toSeconds();
        List<String> queries = new ArrayList<>(List.of(
                "sum_over_time(%s[%ds])".formatted(selector, window),
                "increase(%s[%ds])".formatted(selector, 2 * window),
                "irate(%s[%ds])".formatted(selector, 2 * window),
                "rate(%s[1d])".formatted(selector),
                "resets(%s[1d])".formatted(selector),
                countsOf(selector)));
        if (!histograms) { // of histograms there is no least and no most, and the store says so
            queries.add("min_over_time(%s[%ds])".formatted(selector, window));
            queries.add("max_over_time(%s[%ds])".formatted(selector, window));
        }
        long start = range.minTime() + resolution.toMillis() - 1;
        long end = range.maxTime() - 1;
        for (String promQl : queries) {
            note(
                    promQl,
                    expected.answer(promQl, start, end, resolution),
                    actual.answer(promQl, start, end, resolution));
        }
    }

    /// The only function that reads the counts and answers with them.
    private String countsOf(String selector) throws IOException, InterruptedException {
        return "count_values by (%s) (\"windows_count\", %s)"
                .formatted(String.join(",", expected.labelNames()), selector);
    }

    private void note(String promQl, Answer wanted, Answer got) {
        note(promQl, Answer.differences(wanted, got));
    }

    private void note(String what, List<String> found) {
        found.stream()
                .limit(Math.max(0, DIFFERENCES_MAX - differences.size()))
                .forEach(difference -> differences.add(what + ": " + difference));
    }
}
