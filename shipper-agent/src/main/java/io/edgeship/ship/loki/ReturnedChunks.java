package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Chunks that are to be looked for in the chunk root again: they were taken out of a sealed segment, or
/// somebody wants them sent once more. Kept in the spool, for the list of what was taken still names them.
/// Thread-safe.
final class ReturnedChunks {
    private static final String KEPT = "returned-chunks";

    private final Spool spool;
    private final KeptChunks kept;

    ReturnedChunks(Spool spool) {
        this.spool = spool;
        kept = new KeptChunks(spool, KEPT);
    }

    /// Durable when it returns.
    void add(Collection<LokiChunkKey> keys) throws IOException {
        synchronized (spool) {
            List<LokiChunkKey> all = new ArrayList<>(kept.all());
            all.addAll(keys);
            kept.keep(all);
        }
    }

    List<LokiChunkKey> all() throws IOException {
        return kept.all();
    }

    /// The first `count` are dealt with.
    void forget(int count) throws IOException {
        synchronized (spool) {
            List<LokiChunkKey> all = kept.all();
            kept.keep(all.subList(Math.min(count, all.size()), all.size()));
        }
    }
}
