package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Quarantined;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which chunks are not to be taken again, in memory and in the spool. Used by the scanning thread.
final class ChunkMemory {
    private static final Log LOG = Log.of(ChunkMemory.class);
    private static final String TAKEN = "taken-chunks";

    private final Spool spool;
    private final TakenChunks taken;
    private final ReturnedChunks returned;

    private ChunkMemory(Spool spool, TakenChunks taken) {
        this.spool = spool;
        this.taken = taken;
        returned = new ReturnedChunks(spool);
    }

    /// What was kept, and what the items hold: a crash may have come between the two.
    static ChunkMemory recall(Spool spool) throws IOException {
        TakenChunks taken = new TakenChunks();
        try {
            taken = kept(spool);
        } catch (CorruptFormatException e) {
            LOG.warn("list of chunks is damaged, all that Loki still has goes once more", e, "spool", spool.dir());
        }
        for (LokiChunkKey key : inItems(spool)) {
            taken.add(key);
        }
        return new ChunkMemory(spool, taken);
    }

    /// @throws CorruptFormatException if the list is damaged
    static TakenChunks kept(Spool spool) throws IOException {
        Optional<byte[]> kept = spool.kept(TAKEN);
        return kept.isPresent() ? TakenChunks.parse(TAKEN, kept.get()) : new TakenChunks();
    }

    /// The chunks of all items that are not shipped.
    static List<LokiChunkKey> inItems(Spool spool) throws IOException {
        List<Path> items = new ArrayList<>();
        synchronized (spool) {
            spool.incoming().stream().map(Incoming::dir).forEach(items::add);
            spool.ready().stream().map(Item::dir).forEach(items::add);
            spool.quarantined().stream().map(Quarantined::dir).forEach(items::add);
        }
        List<LokiChunkKey> keys = new ArrayList<>();
        for (Path item : items) {
            spool.segments().links(item).stream()
                    .flatMap(link -> LokiChunkKey.ofOneName(link).stream())
                    .forEach(keys::add);
        }
        return keys;
    }

    TakenChunks taken() {
        return taken;
    }

    /// Forgets what was given back since.
    void takeBack() throws IOException {
        List<LokiChunkKey> chunks = returned.all();
        if (!chunks.isEmpty()) {
            chunks.forEach(taken::remove);
            keep();
            returned.forget(chunks.size());
        }
    }

    /// Durable when it returns.
    void keep() throws IOException {
        spool.keep(TAKEN, taken.toBytes());
    }
}
