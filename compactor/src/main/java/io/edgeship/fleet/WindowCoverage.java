package io.edgeship.fleet;

import io.edgeship.block.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which part of each of the last two-hour windows lies within a site's blocks. What covers a window may be of any
/// resolution, and of any of the site's streams.
public final class WindowCoverage {
    /// As long as the blocks of Prometheus, and cut where it cuts.
    public static final Duration WINDOW = Duration.ofHours(2);

    /// Two days.
    public static final int WINDOWS = 24;

    private WindowCoverage() {}

    /// From the window that is under way at `now` backwards, from 0 to 1 each.
    static List<Double> of(List<BucketBlock> blocks, Instant now) {
        long length = WINDOW.toMillis();
        long end = Math.floorDiv(now.toEpochMilli(), length) * length + length;
        List<TimeRange> ranges = disjoint(blocks, end - WINDOWS * length, end);
        List<Double> covered = new ArrayList<>();
        for (int window = 0; window < WINDOWS; window++) {
            long until = end - window * length;
            long millis = ranges.stream()
                    .mapToLong(range -> overlap(range, until - length, until))
                    .sum();
            covered.add((double) millis / (double) length);
        }
        return covered;
    }

    private static long overlap(TimeRange range, long from, long until) {
        return Math.max(0, Math.min(range.maxTime(), until) - Math.max(range.minTime(), from));
    }

    /// What the blocks cover of the time from `from` to `until`, in ranges that do not overlap.
    private static List<TimeRange> disjoint(List<BucketBlock> blocks, long from, long until) {
        List<TimeRange> sorted = blocks.stream()
                .filter(BucketBlock::isComplete)
                .map(block -> block.meta().range())
                .filter(range -> range.maxTime() > from && range.minTime() < until)
                .sorted(Comparator.comparingLong(TimeRange::minTime))
                .toList();
        List<TimeRange> ranges = new ArrayList<>();
        long covered = from;
        for (TimeRange range : sorted) {
            long begin = Math.max(covered, range.minTime());
            long end = Math.min(until, range.maxTime());
            if (end > begin) {
                ranges.add(new TimeRange(begin, end));
                covered = end;
            }
        }
        return ranges;
    }
}
