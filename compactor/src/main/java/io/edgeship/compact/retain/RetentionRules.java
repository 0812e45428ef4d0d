package io.edgeship.compact.retain;

import io.edgeship.block.tsdb.Matcher;
import io.edgeship.compact.plan.PlanRules;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How long which blocks are kept.
///
/// @param periods       of blocks that no rule matches
/// @param rules         the first that matches a block's external labels wins
/// @param downsamples   whether the role `downsample` is on: without it nothing will ever be covered that is not now
/// @param replicaLabels external labels that compaction leaves out
public record RetentionRules(Periods periods, List<Rule> rules, boolean downsamples, Set<String> replicaLabels)
        implements PlanRules.Expiry {
    /// @param match all of them must hold
    public record Rule(List<Matcher> match, Periods periods) {
        public Rule {
            match = List.copyOf(match);
        }

        boolean matches(Map<String, String> labels) {
            return match.stream().allMatch(one -> one.matches(labels.getOrDefault(one.name(), "")));
        }
    }

    public RetentionRules {
        rules = List.copyOf(rules);
        replicaLabels = Set.copyOf(replicaLabels);
    }

    Periods periodsOf(Map<String, String> labels) {
        return rules.stream()
                .filter(rule -> rule.matches(labels))
                .map(Rule::periods)
                .findFirst()
                .orElse(periods);
    }

    /// Whether samples of these external labels that ended so long ago are old enough to go at a resolution; it makes
    /// no sense to write them there.
    @Override
    public boolean isOver(Map<String, String> labels, long resolutionMillis, long ageMillis) {
        return periodsOf(labels).areOver(resolutionMillis, ageMillis);
    }

    /// Whether every block is kept for ever.
    public boolean keepEverything() {
        return periods.equals(Periods.FOR_EVER)
                && rules.stream().allMatch(rule -> rule.periods().equals(Periods.FOR_EVER));
    }
}
