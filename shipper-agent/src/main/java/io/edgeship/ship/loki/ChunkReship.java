package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Chunks that were shipped and are to be sent once more from the chunk root, in a segment of their own.
/// Stateless.
public final class ChunkReship {
    private ChunkReship() {}

    /// Has the agent take again what it took before, what lies in the chunk root still, and what has lines in
    /// `[fromMillis, toMillis)`. What waits in the spool is on its way anyway. Durable when it returns.
    ///
    /// @param spool opened by nobody else
    /// @return how many chunks
    public static int run(LokiConfig config, Spool spool, long fromMillis, long toMillis) throws IOException {
        TakenChunks taken = ChunkMemory.kept(spool);
        Set<LokiChunkKey> waiting = new HashSet<>(ChunkMemory.inItems(spool));
        List<LokiChunkKey> again = new ArrayList<>();
        new ChunkTree(config.path()).walk((key, _) -> {
            boolean inTime = key.range().minTime() < toMillis && key.range().maxTime() > fromMillis;
            if (inTime && taken.sees(key) && !waiting.contains(key)) {
                again.add(key);
            }
        });
        if (!again.isEmpty()) {
            new ReturnedChunks(spool).add(again);
        }
        return again.size();
    }
}
