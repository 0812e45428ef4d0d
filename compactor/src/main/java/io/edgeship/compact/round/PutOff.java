package io.edgeship.compact.round;

import io.edgeship.block.BlockId;
import io.edgeship.compact.plan.CompactionPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plans that failed by no fault of the store's, and would likely fail again at their whole cost. Each is put off for
/// an hour, and for twice as long each time it fails again, up to a day. Kept in memory only: a new process, such as
/// one with a mended build, tries at once. Thread-safe.
final class PutOff {
    static final Duration FIRST = Duration.ofHours(1);
    static final Duration LONGEST = Duration.ofDays(1);

    private final Map<Work, Failed> failed = new HashMap<>();

    /// What makes a plan the same as one before.
    private record Work(List<BlockId> sources, List<Long> resolutions) {
        static Work of(CompactionPlan plan) {
            return new Work(
                    plan.sources().stream().map(block -> block.meta().id()).toList(), plan.resolutions());
        }
    }

    private record Failed(Duration delay, Instant until, String why) {}

    /// @param now by the store's clock
    synchronized void failed(CompactionPlan plan, String why, Instant now) {
        failed.values().removeIf(one -> one.until().plus(LONGEST).isBefore(now)); // not planned any more
        Failed before = failed.get(Work.of(plan));
        Duration delay = before == null ? FIRST : before.delay().multipliedBy(2);
        Duration capped = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
        failed.put(Work.of(plan), new Failed(capped, now.plus(capped), why));
    }

    /// Why the plan is not to be tried now; empty if it may be.
    synchronized Optional<String> of(CompactionPlan plan, Instant now) {
        return Optional.ofNullable(failed.get(Work.of(plan)))
                .filter(one -> now.isBefore(one.until()))
                .map(one -> "not tried before %s, for it failed: %s".formatted(one.until(), one.why()));
    }
}
