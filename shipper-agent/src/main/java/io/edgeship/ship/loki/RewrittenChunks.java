package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which chunks of the open segment stand for ones that were taken before, less what a delete request took out.
/// Loki deletes those a while after (`retention_delete_delay`), so that it is seen when the new one is taken.
/// Kept in the spool, for the segment may be sealed by another process; the package page has the form. Used by the
/// scanning thread.
final class RewrittenChunks {
    private static final Log LOG = Log.of(RewrittenChunks.class);
    private static final String KEPT = "rewritten-chunks";

    /// One is usual; more only where a crash had Loki write the same lines in two chunks.
    private static final int REPLACED_MAX = 4;

    private final Tenants tenants;
    private final DeleteRequests requests;
    private final ChunkTree tree;
    private final Spool spool;
    private final Map<String, List<String>> known = new TreeMap<>();
    private boolean asked;
    private long count;

    RewrittenChunks(LokiConfig config, Spool spool, DeleteRequests requests) throws IOException {
        this.spool = spool;
        this.requests = requests;
        tenants = config.tenants();
        tree = new ChunkTree(config.path());
        String kept = spool.kept(KEPT)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        kept.lines()
                .map(line -> Arrays.asList(line.split(" ")))
                .forEach(words -> known.put(words.getFirst(), List.copyOf(words.subList(1, words.size()))));
    }

    void beginLook() {
        asked = false;
    }

    /// A chunk is about to be taken.
    ///
    /// @param around chunks of its stream that were taken before and whose time holds this one's
    void taking(LokiChunkKey key, LokiChunkHeader header, Instant written, List<LokiChunkKey> around)
            throws IOException {
        if (around.isEmpty()) {
            return;
        }
        if (!asked) {
            requests.ask();
            asked = true;
        }
        if (requests.cover(key.tenant(), header.labels(), key.range(), written)) {
            List<String> replaces = atTheCentre(around);
            if (!replaces.isEmpty()) {
                known.put(key.oneName(), replaces);
                keep(); // before it is linked: then nobody would look at it again
                count++;
                LOG.info(
                        "chunk stands for ones that were taken before, less deleted lines",
                        "chunk",
                        key,
                        "replaces",
                        replaces);
            }
        }
    }

    private List<String> atTheCentre(List<LokiChunkKey> chunks) throws IOException {
        List<String> paths = new ArrayList<>();
        for (LokiChunkKey key : chunks.subList(0, Math.min(chunks.size(), REPLACED_MAX))) {
            Path file = tree.find(key).orElse(Path.of(""));
            try {
                paths.add(ChunkFile.map(file, key, tenants).path());
            } catch (CorruptFormatException | NoSuchFileException e) {
                // Loki has deleted or cut it meanwhile: nobody can tell what it was called at the centre.
            }
        }
        return paths;
    }

    /// What a chunk of the open segment stands for; most stand for nothing.
    ///
    /// @param link its name
    List<String> replacedBy(String link) {
        return known.getOrDefault(link, List.of());
    }

    /// The segment says so now.
    void sealed(Set<String> links) throws IOException {
        if (known.keySet().removeAll(links)) {
            keep();
        }
    }

    private void keep() throws IOException {
        StringBuilder lines = new StringBuilder();
        known.forEach((link, replaces) -> lines.append(link)
                .append(' ')
                .append(String.join(" ", replaces))
                .append('\n'));
        spool.keep(KEPT, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Since the agent began.
    long count() {
        return count;
    }
}
