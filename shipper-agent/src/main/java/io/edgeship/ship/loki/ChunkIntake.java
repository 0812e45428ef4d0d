package io.edgeship.ship.loki;

import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Looks at every name in the chunk root and links what is new and whole into the open segment. Used by the scanning
/// thread.
final class ChunkIntake {
    private static final Log LOG = Log.of(ChunkIntake.class);

    /// So many chunks are linked before their names are forced together.
    private static final int BATCH_MAX = 64;

    /// So many chunks that were not taken for want of room are remembered.
    private static final int REFUSED_MAX = 10_000;

    private final LokiConfig config;
    private final Instant firstStart;
    private final TakenChunks taken;
    private final UnwholeChunks unwhole;
    private final RewrittenChunks rewritten;
    private final OpenSegment open;
    private final RefusedChunks refused;
    private long dropped;

    /// What a look found.
    ///
    /// @param refused for want of room
    /// @param waiting files that are not whole
    /// @param failed  what the disk would not give, or what must not be shipped, with the reason
    record Look(int refused, int waiting, Map<String, String> failed) {
        /// Whether every chunk in the root was taken.
        boolean isComplete() {
            return refused == 0 && waiting == 0 && failed.isEmpty();
        }
    }

    ChunkIntake(
            LokiConfig config,
            Spool spool,
            Losses losses,
            Instant firstStart,
            TakenChunks taken,
            UnwholeChunks unwhole,
            RewrittenChunks rewritten,
            OpenSegment open)
            throws IOException {
        this.config = config;
        this.firstStart = firstStart;
        this.taken = taken;
        this.unwhole = unwhole;
        this.rewritten = rewritten;
        this.open = open;
        refused = new RefusedChunks(spool, losses);
    }

    /// Chunks of streams that a rule drops.
    long dropped() {
        return dropped;
    }

    /// @param admits whether the spool has room for so many bytes more
    Look look(LongPredicate admits) throws IOException {
        Walk walk = new Walk(admits);
        taken.beginLook();
        unwhole.beginLook();
        rewritten.beginLook();
        new ChunkTree(config.path()).walk(walk::found);
        walk.link();
        if (walk.chunks > 0 || taken.size() == 0) {
            taken.endLook(); // a root without any chunk is most likely one that is not mounted
        }
        unwhole.endLook();
        refused.looked(walk.refused, this::isGone);
        return new Look(walk.refused.size(), unwhole.size(), walk.failed);
    }

    private boolean isGone(LokiChunkKey key) {
        return !taken.sees(key) && new ChunkTree(config.path()).find(key).isEmpty();
    }

    static TimeRange span(TimeRange one, TimeRange other) {
        return new TimeRange(Math.min(one.minTime(), other.minTime()), Math.max(one.maxTime(), other.maxTime()));
    }

    /// One look.
    private final class Walk {
        private final LongPredicate admits;
        private final Map<LokiChunkKey, Path> batch = new LinkedHashMap<>();
        private final Set<LokiChunkKey> refused = new LinkedHashSet<>();
        private final Map<String, String> failed = new TreeMap<>();
        private long batchBytes;
        private long chunks;
        private @Nullable Path folder;
        private List<LokiChunkKey> takenInFolder = List.of();

        Walk(LongPredicate admits) {
            this.admits = admits;
        }

        void found(LokiChunkKey key, Path file) throws IOException {
            chunks++;
            if (taken.sees(key) || batch.containsKey(key)) {
                return;
            }
            Optional<String> whyNot = config.tenants().whyNot(key.tenant());
            if (whyNot.isPresent()) {
                failed.putIfAbsent("tenant " + key.tenant(), whyNot.get());
                return;
            }
            try {
                consider(key, file);
            } catch (NoSuchFileException e) {
                LOG.debug("chunk was deleted a moment ago", "file", file);
            } catch (CorruptFormatException e) {
                unwhole.seen(key, file, String.valueOf(e.getMessage()));
            }
        }

        private void consider(LokiChunkKey key, Path file) throws IOException {
            long made = Files.getLastModifiedTime(file).toMillis();
            if (config.backfill().leavesOut(made, key.range().maxTime(), firstStart) || unwhole.isKnown(key, file)) {
                return;
            }
            long bytes = Files.size(file);
            if (!refused.isEmpty() || !admits.test(bytes)) {
                if (refused.size() < REFUSED_MAX) {
                    refused.add(key);
                }
                return;
            }
            LokiChunkHeader header = ChunkFile.check(file, key);
            unwhole.isWhole(key);
            if (config.drop().drops(header.labels())) {
                dropped++;
                taken.add(key);
                return;
            }
            rewritten.taking(key, header, Instant.ofEpochMilli(made), takenAround(key, file));
            batch.put(key, file);
            batchBytes += bytes;
            if (batch.size() == BATCH_MAX || batchBytes >= config.segmentBytesMax()) {
                link();
            }
        }

        /// Chunks in the same folder that were taken before this look, and whose time holds this one's.
        private List<LokiChunkKey> takenAround(LokiChunkKey key, Path file) throws IOException {
            Path parent = file.toAbsolutePath().getParent();
            if (parent == null || parent.equals(config.path())) {
                return List.of(); // a schema whose chunks Loki no longer rewrites
            }
            if (!parent.equals(folder)) {
                folder = parent;
                takenInFolder = new ChunkTree(config.path())
                        .stream(key).stream().filter(taken::sees).toList();
            }
            return takenInFolder.stream()
                    .filter(other -> other.range().minTime() <= key.range().minTime()
                            && other.range().maxTime() >= key.range().maxTime())
                    .toList();
        }

        /// What was whole a moment ago; one that was deleted since is not taken.
        private void link() throws IOException {
            if (batch.isEmpty()) {
                return;
            }
            Map<String, Path> links = new LinkedHashMap<>();
            batch.forEach((key, file) -> links.put(key.oneName(), file));
            Set<String> linked = open.add(links, batchBytes);
            batch.keySet().stream()
                    .filter(key -> linked.contains(key.oneName()))
                    .forEach(taken::add);
            batch.clear();
            batchBytes = 0;
        }
    }
}
