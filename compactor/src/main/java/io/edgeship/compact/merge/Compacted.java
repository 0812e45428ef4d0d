package io.edgeship.compact.merge;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.util.List;

/// What became of a plan.
///
/// @param written  the new blocks, visible now; none where the sources hold no sample
/// @param outdated blocks whose data the new ones hold: to be marked for deletion
/// @param progress at the end
public record Compacted(List<BucketBlock> written, List<BlockId> outdated, Progress progress) {
    public Compacted {
        written = List.copyOf(written);
        outdated = List.copyOf(outdated);
    }
}
