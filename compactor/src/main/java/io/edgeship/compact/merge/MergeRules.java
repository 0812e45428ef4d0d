package io.edgeship.compact.merge;

import java.util.List;

/// How samples of several blocks become one series, and how the new block is labelled: all that decides its bytes beside
/// the sources, so that it is part of its name (I4).
///
/// @param replicaLabels that tell replicas of one series apart; they are left out of the new block's labels
public record MergeRules(Overlaps overlaps, List<String> replicaLabels) {
    /// What stands for replica labels where a block has no other: Thanos wants at least one.
    private static final String DEDUPED = "deduped";

    /// What is done where blocks have samples of the same time. The names are Thanos'.
    public enum Overlaps {
        /// Samples of the same time are one: that of the first block.
        ONE_TO_ONE,

        /// Replicas: one is followed as long as it has samples.
        PENALTY
    }

    public MergeRules {
        replicaLabels = List.copyOf(replicaLabels);
    }

    String deduped() {
        return DEDUPED;
    }
}
