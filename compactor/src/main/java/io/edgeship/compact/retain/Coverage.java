package io.edgeship.compact.retain;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the blocks of one stream at one resolution hold, by their lineage (I9).
final class Coverage {
    static final Coverage NONE = new Coverage();

    /// By source: the time from the first to the last of the blocks that hold it.
    private final Map<BlockId, TimeRange> held = new HashMap<>();

    void add(BucketBlock block) {
        TimeRange range = block.meta().range();
        for (BlockId source : block.sources()) {
            held.merge(source, range, Coverage::hull);
        }
    }

    /// Sources of the block that are not held.
    List<BlockId> missing(BucketBlock block) {
        return block.sources().stream()
                .filter(source -> !held.containsKey(source))
                .toList();
    }

    /// Whether the blocks that hold its sources reach over its time, but for one window at each end: a lineage that
    /// was written down wrong must not cost samples.
    boolean spans(BucketBlock block, long resolutionMillis) {
        Optional<TimeRange> hull = block.sources().stream()
                .flatMap(source -> Optional.ofNullable(held.get(source)).stream())
                .reduce(Coverage::hull);
        TimeRange range = block.meta().range();
        return hull.isPresent()
                && hull.get().minTime() - resolutionMillis < range.minTime()
                && hull.get().maxTime() + resolutionMillis > range.maxTime();
    }

    private static TimeRange hull(TimeRange a, TimeRange b) {
        return new TimeRange(Math.min(a.minTime(), b.minTime()), Math.max(a.maxTime(), b.maxTime()));
    }
}
