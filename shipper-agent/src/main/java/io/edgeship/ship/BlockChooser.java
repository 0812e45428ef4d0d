package io.edgeship.ship;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.queue.Place;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Asks [BlockChoice] with what the spool knew when this was made, and with what was taken since.
final class BlockChooser {
    private final Set<BlockId> sent;
    private final Map<BlockId, Set<BlockId>> unsent;
    private final Backfill backfill;
    private final Instant firstStart;

    private BlockChooser(Set<BlockId> sent, Map<BlockId, Set<BlockId>> unsent, Backfill backfill, Instant firstStart) {
        this.sent = sent;
        this.unsent = unsent;
        this.backfill = backfill;
        this.firstStart = firstStart;
    }

    /// For a source that has no spool yet.
    static BlockChooser ofNothing(Backfill backfill, Instant firstStart) {
        return new BlockChooser(new HashSet<>(), new HashMap<>(), backfill, firstStart);
    }

    /// The caller holds the spool's monitor, and goes on holding it while it acts on what is chosen.
    ///
    /// @param sending the item that is on its way
    static BlockChooser look(Lineages lineages, Optional<BlockId> sending, Backfill backfill, Instant firstStart)
            throws IOException {
        Set<BlockId> sent = lineages.sent();
        Map<BlockId, Set<BlockId>> unsent = lineages.unsent();
        // Too late to replace it: parts of it are on their way.
        sending.map(unsent::remove).ifPresent(sent::addAll);
        return new BlockChooser(sent, unsent, backfill, firstStart);
    }

    /// @param place of this very block; empty for one that is in the spool but not sealed, to choose again
    BlockChoice choose(BlockMeta meta, Optional<Place> place) {
        return BlockChoice.decide(meta, place, sent, unsent, backfill, firstStart);
    }

    void took(BlockMeta meta) {
        unsent.put(meta.id(), Set.copyOf(meta.compaction().sources()));
    }

    /// Whether the bucket or the spool holds all that `meta` is made of, under whatever ULID.
    boolean covers(BlockMeta meta) {
        return meta.compaction().sources().stream()
                .allMatch(source ->
                        sent.contains(source) || unsent.values().stream().anyMatch(theirs -> theirs.contains(source)));
    }
}
