package io.edgeship.compact;

import io.edgeship.block.tsdb.Matcher;
import io.edgeship.compact.retain.Periods;
import io.edgeship.compact.retain.RetentionRules;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Reads `retention`: how long which blocks are kept.
final class RetentionKeys {
    private RetentionKeys() {}

    static RetentionRules read(ConfigSection root, Roles roles) throws ConfigException {
        ConfigSection retention = root.section("retention");
        TreeSet<String> replicas = new TreeSet<>(root.section("compaction").texts("replica_labels"));
        List<RetentionRules.Rule> rules = new ArrayList<>();
        Periods all = periods(retention, Periods.FOR_EVER);
        for (ConfigSection rule : retention.sections("rules")) {
            try {
                rules.add(new RetentionRules.Rule(Matcher.parse(rule.requiredText("match")), periods(rule, all)));
            } catch (IllegalArgumentException e) {
                throw rule.wrong("match", String.valueOf(e.getMessage()));
            }
        }
        return new RetentionRules(all, rules, roles.has(Role.DOWNSAMPLE), replicas);
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
