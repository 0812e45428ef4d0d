package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Place;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What to do with a block that the source has; a pure function of the block and of what the spool knows.
public sealed interface BlockChoice {
    /// Take it. `replaces` are unsent blocks in the spool whose samples it holds.
    record Take(Set<BlockId> replaces) implements BlockChoice {}

    /// It is in the spool, or was shipped.
    record Known(Place place) implements BlockChoice {}

    /// It is never shipped.
    record Skip(String reason) implements BlockChoice {}

    /// What it holds beyond what was sent waits in the spool on its own. The source may merge or delete it, for every
    /// sample of it has a home; one that was taken before stays until the others were shipped.
    record Hold(String reason) implements BlockChoice {}

    /// Take it, so that its samples are safe, but it cannot be shipped as it is.
    record Keep(String reason) implements BlockChoice {}

    /// @param place  of this very block, if the spool has it
    /// @param sent   level-1 sources whose samples the bucket holds, or that are being sent right now
    /// @param unsent blocks that wait in the spool, each with its sources (I9)
    static BlockChoice decide(
            BlockMeta meta,
            Optional<Place> place,
            Set<BlockId> sent,
            Map<BlockId, Set<BlockId>> unsent,
            Backfill backfill,
            Instant firstStart) {
        if (place.isPresent()) {
            return new Known(place.get());
        }
        if (meta.stats().numSamples() == 0) {
            return new Skip("it has no samples");
        }
        if (backfill.leavesOut(meta, firstStart)) {
            return new Skip("backfill leaves it out");
        }
        Set<BlockId> sources = Set.copyOf(meta.compaction().sources());
        Set<BlockId> owed = new HashSet<>(sources);
        owed.removeAll(sent);
        if (owed.isEmpty() && !sources.isEmpty()) {
            return new Skip("all of its sources were shipped");
        }
        if (owed.size() < sources.size()) {
            return partlySent(meta.id(), sources.size(), owed, unsent);
        }
        return among(meta.id(), sources, unsent);
    }

    /// Shipped whole, some of its samples would be in the bucket twice.
    private static BlockChoice partlySent(
            BlockId id, int sources, Set<BlockId> owed, Map<BlockId, Set<BlockId>> unsent) {
        int sent = sources - owed.size();
        Set<BlockId> nowhereElse = new HashSet<>(owed);
        unsent.forEach((other, theirs) -> {
            if (!other.equals(id)) {
                nowhereElse.removeAll(theirs);
            }
        });
        if (nowhereElse.isEmpty()) {
            return new Hold("%d of its %d sources were shipped, the others wait on their own".formatted(sent, sources));
        }
        return new Keep("%d of its %d sources were shipped; shipping it whole would send their samples twice"
                .formatted(sent, sources));
    }

    private static BlockChoice among(BlockId id, Set<BlockId> sources, Map<BlockId, Set<BlockId>> unsent) {
        Set<BlockId> replaces = new HashSet<>();
        for (Map.Entry<BlockId, Set<BlockId>> other : unsent.entrySet()) {
            if (other.getKey().equals(id) || Collections.disjoint(other.getValue(), sources)) {
                continue;
            }
            if (other.getValue().containsAll(sources)) {
                return new Skip("%s, which waits, holds its samples".formatted(other.getKey()));
            }
            if (!sources.containsAll(other.getValue())) {
                return new Keep("%s, which waits, holds some of its samples".formatted(other.getKey()));
            }
            replaces.add(other.getKey());
        }
        return new Take(replaces);
    }
}
