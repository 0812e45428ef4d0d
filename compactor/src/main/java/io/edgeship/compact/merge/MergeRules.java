package io.edgeship.compact.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.merge.ChunkMerger;
import io.edgeship.block.merge.OneToOneMerger;
import io.edgeship.block.merge.PenaltyMerger;
import java.util.List;

/// How samples of several blocks become one series, and how the new block is labelled: all that decides its bytes beside
/// the sources, so that it is part of its name (I4).
///
/// @param replicaLabels that tell replicas of one series apart; they are left out of the new block's labels
public record MergeRules(Overlaps overlaps, List<String> replicaLabels) {
    /// What stands for a replica label where a block has no other: Thanos wants at least one.
    static final String DEDUPED = "deduped";

    /// What is done where blocks have samples of the same time.
    public enum Overlaps {
        /// Samples of the same time are one: that of the first block.
        ONE_TO_ONE,

        /// Replicas: one is followed as long as it has samples.
        PENALTY
    }

    public MergeRules {
        replicaLabels = List.copyOf(replicaLabels);
    }

    /// @param resolutionMillis of the blocks that are merged
    ChunkMerger merger(long resolutionMillis) {
        if (resolutionMillis == 0) {
            return switch (overlaps) {
                case ONE_TO_ONE -> new OneToOneMerger();
                case PENALTY -> new PenaltyMerger();
            };
        }
        Resolution resolution = resolutionMillis == Resolution.FIVE_MINUTES.millis()
                ? Resolution.FIVE_MINUTES
                : Resolution.ONE_HOUR;
        return switch (overlaps) {
            case ONE_TO_ONE -> new OneToOneMerger(resolution);
            case PENALTY -> new PenaltyMerger(resolution);
        };
    }
}
