package io.edgeship.compact;

import io.edgeship.compact.merge.MergeRules;
import io.edgeship.compact.plan.Overlaps;
import io.edgeship.compact.plan.PlanRules;
import io.edgeship.compact.retain.RetentionRules;
import io.edgeship.compact.round.RoundRules;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Reads `compaction` and `downsample`.
final class CompactionKeys {
    private static final List<String> RANGES = List.of("2h", "8h", "2d", "14d");

    private static final int CONCURRENCY_MAX = 64;
    private static final long MEMORY_DEFAULT = 192L << 20;
    private static final long MEMORY_MIN = 16L << 20;
    private static final long INDEX_DEFAULT = 64L << 30;

    private final ConfigSection compaction;
    private final ConfigSection downsample;
    private final PlanRules defaults;

    private CompactionKeys(ConfigSection root, String siteLabel) throws ConfigException {
        compaction = root.section("compaction");
        downsample = root.section("downsample");
        defaults = PlanRules.defaults(siteLabel, MEMORY_DEFAULT);
    }

    /// @param retention by which need not be written what would be deleted at once
    static RoundRules read(
            ConfigSection root,
            String siteLabel,
            Duration consistencyDelay,
            Roles roles,
            Selector selector,
            RetentionRules retention)
            throws ConfigException {
        CompactionKeys keys = new CompactionKeys(root, siteLabel);
        PlanRules plan = keys.planRules(consistencyDelay, roles, selector, retention);
        keys.requireReached("five_minutes_from", plan.fiveMinutesFrom(), plan);
        keys.requireReached("one_hour_from", plan.oneHourFrom(), plan);
        int cores = Runtime.getRuntime().availableProcessors();
        int concurrency =
                (int) keys.compaction.integer("concurrency", Math.min(cores, CONCURRENCY_MAX), 1, CONCURRENCY_MAX);
        return new RoundRules(plan, keys.mergeRules(plan), concurrency);
    }

    private MergeRules mergeRules(PlanRules plan) {
        MergeRules.Overlaps overlaps =
                plan.overlaps() == Overlaps.PENALTY ? MergeRules.Overlaps.PENALTY : MergeRules.Overlaps.ONE_TO_ONE;
        return new MergeRules(overlaps, List.copyOf(plan.replicaLabels()));
    }

    private PlanRules planRules(Duration consistencyDelay, Roles roles, Selector selector, RetentionRules retention)
            throws ConfigException {
        long memory = compaction.size("memory_budget", MEMORY_DEFAULT);
        if (memory < MEMORY_MIN) {
            throw compaction.wrong("memory_budget", "is at least 16MiB");
        }
        try {
            return new PlanRules(
                    ranges(),
                    (int) compaction.integer("parts_max", defaults.partsMax(), 2, 10_000),
                    roles.has(Role.COMPACT),
                    roles.has(Role.DOWNSAMPLE),
                    downsample.duration("five_minutes_from", defaults.fiveMinutesFrom()),
                    downsample.duration("one_hour_from", defaults.oneHourFrom()),
                    compaction.duration("hold_max", defaults.holdMax()),
                    compaction.duration("late_wait", defaults.lateWait()),
                    consistencyDelay,
                    defaults.siteLabel(),
                    new TreeSet<>(compaction.texts("replica_labels")),
                    compaction.choice("overlaps", Overlaps.class, Overlaps.ONE_TO_ONE),
                    roles.has(Role.RETAIN) ? retention : PlanRules.Expiry.NEVER,
                    memory,
                    compaction.size("block_max_index_size", INDEX_DEFAULT),
                    selector,
                    false); // until the bucket is open
        } catch (IllegalArgumentException e) {
            throw compaction.wrong("ranges", "with the rest: " + e.getMessage());
        }
    }

    /// Else there would never be such a block, and retention would keep the finer ones for ever.
    private void requireReached(String key, Duration from, PlanRules plan) throws ConfigException {
        Duration largest = plan.ranges().getLast();
        if (plan.downsamples() && from.compareTo(largest) > 0) {
            throw downsample.wrong(
                    key,
                    "is longer than the last of compaction.ranges, so that nothing would be downsampled: it is at most "
                            + Durations.print(largest) + " with these, or leave downsample out of roles");
        }
    }

    private List<Duration> ranges() throws ConfigException {
        List<String> texts = compaction.texts("ranges");
        List<Duration> ranges = new ArrayList<>();
        for (String text : texts.isEmpty() ? RANGES : texts) {
            try {
                ranges.add(Durations.parse(text));
            } catch (IllegalArgumentException e) {
                throw compaction.wrong("ranges", "has '" + text + "', which is no length of time like 8h");
            }
        }
        return ranges;
    }
}
