package io.edgeship.ship.seal;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.util.List;
import java.util.Optional;

/// What sealing does with a block.
public sealed interface SealPlan {
    /// It is fit as it is.
    record Plain() implements SealPlan {}

    /// It is fit as it is, but lies in a window that was shipped: the centre merges it, and is told so.
    record Late(String reason) implements SealPlan {}

    /// It is written anew.
    ///
    /// @param sources what the new block is made of
    /// @param parents what it takes the place of; none where the rest of the block stays
    /// @param keep    of the sources; empty for all of it
    /// @param origins level-1 blocks whose samples the new block holds (I9)
    record Rewrite(
            List<BlockId> sources,
            List<BlockId> parents,
            Optional<TimeRange> keep,
            List<BlockId> origins,
            String reason)
            implements SealPlan {
        public Rewrite {
            sources = List.copyOf(sources);
            parents = List.copyOf(parents);
            origins = List.copyOf(origins);
        }
    }

    /// Something is to come that it belongs to.
    record Wait(String reason) implements SealPlan {}

    /// All that it holds was shipped in other blocks.
    record Nothing() implements SealPlan {}

    /// It stays where it is until a person decides.
    record Hold(String reason) implements SealPlan {}
}
