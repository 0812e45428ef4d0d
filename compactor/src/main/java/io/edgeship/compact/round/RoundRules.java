package io.edgeship.compact.round;

import io.edgeship.compact.merge.MergeRules;
import io.edgeship.compact.plan.PlanRules;

/// How a round works.
///
/// @param plan        which also bounds the memory of a single plan
/// @param merge       the same overlaps and replica labels as in `plan`
/// @param concurrency streams side by side at most; their plans share the memory budget of `plan`
public record RoundRules(PlanRules plan, MergeRules merge, int concurrency) {
    /// The same over a store that is this machine's, or is not.
    public RoundRules at(boolean local) {
        return new RoundRules(plan.at(local), merge, concurrency);
    }

    public RoundRules {
        if (concurrency < 1) {
            throw new IllegalArgumentException("%d streams side by side".formatted(concurrency));
        }
    }
}
