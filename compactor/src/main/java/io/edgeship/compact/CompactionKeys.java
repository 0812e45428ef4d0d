package io.edgeship.compact;

import io.edgeship.compact.merge.MergeRules;
import io.edgeship.compact.plan.Overlaps;
import io.edgeship.compact.plan.PlanRules;
import io.edgeship.compact.retain.Periods;
import io.edgeship.compact.retain.RetentionRules;
import io.edgeship.compact.round.RoundRules;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Reads `compaction` and `downsample`.
final class CompactionKeys {
    private static final List<String> RANGES = List.of("2h", "8h", "2d", "14d");

    private static final int CONCURRENCY_MAX = 64;
    private static final long MEMORY_DEFAULT = 256L << 20;
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
        int cores = Runtime.getRuntime().availableProcessors();
        int concurrency = (int)
                keys.compaction.integer("concurrency", Math.min(cores, CONCURRENCY_MAX), 1, CONCURRENCY_MAX);
        return new RoundRules(plan, keys.mergeRules(plan), concurrency);
    }

    static Set<String> replicaLabels(ConfigSection root) throws ConfigException {
        return new TreeSet<>(root.section("compaction").texts("replica_labels"));
    }

    private MergeRules mergeRules(PlanRules plan) {
        MergeRules.Overlaps overlaps =
                plan.overlaps() == Overlaps.PENALTY ? MergeRules.Overlaps.PENALTY : MergeRules.Overlaps.ONE_TO_ONE;
        return new MergeRules(overlaps, List.copyOf(plan.replicaLabels()));
    }

    private PlanRules planRules(
            Duration consistencyDelay, Roles roles, Selector selector, RetentionRules retention)
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
                    roles.has(Role.RETAIN) ? retention::isOver : PlanRules.Expiry.NEVER,
                    memory,
                    compaction.size("block_max_index_size", INDEX_DEFAULT),
                    selector::takes);
        } catch (IllegalArgumentException e) {
            throw compaction.wrong("ranges", "with the rest: " + e.getMessage());
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

    /// `retention`: how long which blocks are kept.
    static RetentionRules retention(ConfigSection root, Roles roles, Set<String> replicaLabels)
            throws ConfigException {
        ConfigSection retention = root.section("retention");
        List<RetentionRules.Rule> rules = new ArrayList<>();
        Periods all = periods(retention, Periods.FOR_EVER);
        for (ConfigSection rule : retention.sections("rules")) {
            try {
                rules.add(new RetentionRules.Rule(
                        io.edgeship.block.tsdb.Matcher.parse(rule.requiredText("match")), periods(rule, all)));
            } catch (IllegalArgumentException e) {
                throw rule.wrong("match", String.valueOf(e.getMessage()));
            }
        }
        return new RetentionRules(all, rules, roles.has(Role.DOWNSAMPLE), replicaLabels);
    }

    private static Periods periods(ConfigSection keys, Periods fallback) throws ConfigException {
        return new Periods(
                period(keys, "raw", fallback.raw()),
                period(keys, "5m", fallback.fiveMinutes()),
                period(keys, "1h", fallback.oneHour()));
    }

    /// `0` is for ever.
    private static Duration period(ConfigSection keys, String key, Duration fallback) throws ConfigException {
        return keys.text(key).map("0"::equals).orElse(false) ? Duration.ZERO : keys.duration(key, fallback);
    }
}
