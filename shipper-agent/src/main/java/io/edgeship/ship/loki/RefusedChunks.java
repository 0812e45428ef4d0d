package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Losses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Chunks that the full spool did not take: Loki may delete them before there is room, which is a loss (I3).
/// Kept in the spool, for an agent may be started anew meanwhile. Used by the scanning thread.
final class RefusedChunks {
    private static final Log LOG = Log.of(RefusedChunks.class);
    private static final String KEPT = "refused-chunks";

    private final Spool spool;
    private final Losses losses;
    private final KeptChunks kept;
    private Set<LokiChunkKey> known;
    private boolean isKept = true;

    RefusedChunks(Spool spool, Losses losses) throws IOException {
        this.spool = spool;
        this.losses = losses;
        kept = new KeptChunks(spool, KEPT);
        known = new LinkedHashSet<>(kept.all());
    }

    /// After a look.
    ///
    /// @param refused in it
    /// @param isGone  whether one that was refused before is neither in the spool nor with Loki
    void looked(Set<LokiChunkKey> refused, Predicate<LokiChunkKey> isGone) throws IOException {
        List<LokiChunkKey> gone = new ArrayList<>(known);
        gone.removeIf(key -> refused.contains(key) || !isGone.test(key));
        if (!gone.isEmpty()) {
            lost(gone);
        }
        isKept &= known.equals(refused);
        known = new LinkedHashSet<>(refused);
        if (!isKept) {
            keep();
        }
    }

    /// The record first: who is killed in between makes the same one once more.
    private void lost(List<LokiChunkKey> gone) throws IOException {
        LokiChunkKey first = gone.getFirst();
        TimeRange range = first.range();
        for (LokiChunkKey key : gone) {
            range = ChunkIntake.span(range, key.range());
        }
        BlockId id = ChunkHashes.lossId(first);
        String detail =
                "%d chunk(s) from %s on: the spool had no room, and Loki deleted them".formatted(gone.size(), first);
        LOG.error("chunks are lost", "chunks", gone.size(), "first", first, "why", detail);
        spool.recordLoss(losses.ofLines(id, range, Loss.Reason.REASON_VANISHED, detail));
    }

    /// On a disk without room it is tried again, and what can be shipped is shipped.
    private void keep() {
        try {
            kept.keep(known);
            isKept = true;
        } catch (IOException e) {
            LOG.warn("list of chunks that the spool had no room for cannot be written, tried again", e);
        }
    }
}
