package io.edgeship.ship.seal;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A block that was found sound and waits in the spool, as far as sealing has to know it.
///
/// @param extra    it holds samples that came out of order, or series that went stale, of a window that has a regular
///     block too
/// @param origins  level-1 blocks whose samples it holds, and for a part of a larger block that one (I9)
/// @param parents  blocks that it was merged from directly, with their time
/// @param settled  false for a moment after the source wrote it: others of its window may follow
/// @param bound    it can no longer be written anew: it is on its way, or was reduced before
/// @param reduced  the configured reduction was applied to it, or there is none
/// @param flaw     why a stock Thanos cannot take it, if so
public record WaitingBlock(
        BlockId id,
        TimeRange range,
        boolean extra,
        Set<BlockId> origins,
        Map<BlockId, TimeRange> parents,
        boolean settled,
        boolean bound,
        boolean reduced,
        Flaw flaw) {
    public WaitingBlock {
        origins = Set.copyOf(origins);
        parents = Map.copyOf(parents);
    }

    /// What keeps a stock Thanos from taking a block.
    public sealed interface Flaw {
        record None() implements Flaw {}

        /// Writing it anew mends it.
        record Mendable(String what) implements Flaw {}

        /// Nobody here can mend it.
        record Unknown(String what) implements Flaw {}
    }

    Optional<String> mendable() {
        return flaw instanceof Flaw.Mendable(var what) ? Optional.of(what) : Optional.empty();
    }

    /// Whether a block of that time and those origins holds a part that was cut out of this one, maybe together with
    /// others that the part was merged with. One that was merged from this one covers its time.
    public boolean hasPart(TimeRange time, Set<BlockId> itsOrigins) {
        boolean whole = time.minTime() <= range.minTime() && range.maxTime() <= time.maxTime();
        return itsOrigins.contains(id) && !whole;
    }
}
