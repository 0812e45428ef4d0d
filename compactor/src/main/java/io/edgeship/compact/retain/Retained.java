package io.edgeship.compact.retain;

import io.edgeship.block.BlockId;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.fleet.BucketBlock;
import java.util.List;

/// What [Retention] decided; blocks that are not old enough are in neither list. Both are in order of ULID.
///
/// @param markings blocks that are to be marked for deletion
/// @param kept     blocks that are old enough and must not go
public record Retained(List<Marking> markings, List<Kept> kept) {
    public record Marking(BucketBlock block, DeletionReason why) {}

    /// @param resolutionMillis at which its samples are not there yet
    /// @param missing of its sources, those that no block of that resolution holds; none where blocks hold them
    ///     all but not all of its time
    /// @param why for people, what ends it
    /// @param forEver whether only a person ends it, by changing something
    public record Kept(BucketBlock block, long resolutionMillis, List<BlockId> missing, String why, boolean forEver) {
        public Kept {
            missing = List.copyOf(missing);
        }
    }

    public Retained {
        markings = List.copyOf(markings);
        kept = List.copyOf(kept);
    }
}
