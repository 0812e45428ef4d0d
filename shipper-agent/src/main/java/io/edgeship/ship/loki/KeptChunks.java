package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// A list of chunks that outlives the process: a small file of the spool, one of [LokiChunkKey#oneName] a line.
/// What is no chunk's name is passed over.
record KeptChunks(Spool spool, String name) {
    List<LokiChunkKey> all() throws IOException {
        String kept = spool.kept(name)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        return kept.lines()
                .flatMap(line -> LokiChunkKey.ofOneName(line).stream())
                .toList();
    }

    /// In the place of all before. Durable when it returns.
    void keep(Collection<LokiChunkKey> keys) throws IOException {
        String lines =
                String.join("\n", keys.stream().map(LokiChunkKey::oneName).toList());
        spool.keep(name, lines.getBytes(StandardCharsets.UTF_8));
    }
}
