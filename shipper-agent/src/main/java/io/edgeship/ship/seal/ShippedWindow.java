package io.edgeship.ship.seal;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.util.Set;

/// A stretch of time of which the bucket holds a block.
///
/// @param sources level-1 blocks whose samples that block holds; empty where that is no longer known
public record ShippedWindow(TimeRange range, Set<BlockId> sources) {
    public ShippedWindow {
        sources = Set.copyOf(sources);
    }
}
