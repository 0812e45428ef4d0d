package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How plans are put into words.
final class Words {
    private static final int NAMED_MAX = 3;

    private Words() {}

    /// `2026-11-26T02:00:00Z`; the number where it is no time of ours.
    static String time(long millis) {
        try {
            return Instant.ofEpochSecond(Math.floorDiv(millis, 1000)).toString();
        } catch (DateTimeException e) {
            return Long.toString(millis);
        }
    }

    static String range(TimeRange range) {
        return time(range.minTime()) + " to " + time(range.maxTime());
    }

    static String duration(long millis) {
        return Durations.print(Duration.ofMillis(millis));
    }

    static String resolution(long millis) {
        return millis == 0 ? "raw" : duration(millis);
    }

    /// The first few of their ULIDs.
    static String blocks(List<BucketBlock> blocks) {
        List<String> first = blocks.stream()
                .limit(NAMED_MAX)
                .map(block -> block.meta().id().toString())
                .toList();
        int more = blocks.size() - first.size();
        return String.join(", ", first) + (more == 0 ? "" : " and %d more".formatted(more));
    }

    static List<String> few(List<String> names) {
        return names.subList(0, Math.min(NAMED_MAX, names.size()));
    }
}
