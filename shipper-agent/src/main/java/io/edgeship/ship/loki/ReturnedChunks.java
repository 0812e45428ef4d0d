package io.edgeship.ship.loki;

import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Chunks that were taken out of a sealed segment and are to be looked for in the chunk root again. Kept in the spool,
/// for the list of what was taken still names them. Thread-safe.
final class ReturnedChunks {
    private static final String KEPT = "returned-chunks";

    private final Spool spool;

    ReturnedChunks(Spool spool) {
        this.spool = spool;
    }

    /// Durable when it returns.
    void add(Collection<ChunkKey> keys) throws IOException {
        synchronized (spool) {
            List<ChunkKey> all = new ArrayList<>(all());
            all.addAll(keys);
            keep(all);
        }
    }

    List<ChunkKey> all() throws IOException {
        String kept = spool.kept(KEPT)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        return kept.lines().flatMap(line -> ChunkKey.ofLink(line).stream()).toList();
    }

    /// The first `count` are dealt with.
    void forget(int count) throws IOException {
        synchronized (spool) {
            List<ChunkKey> all = all();
            keep(all.subList(Math.min(count, all.size()), all.size()));
        }
    }

    private void keep(List<ChunkKey> keys) throws IOException {
        String lines = String.join("\n", keys.stream().map(ChunkKey::linkName).toList());
        spool.keep(KEPT, lines.getBytes(StandardCharsets.UTF_8));
    }
}
