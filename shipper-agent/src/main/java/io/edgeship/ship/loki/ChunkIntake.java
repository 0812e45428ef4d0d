package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/// Looks at every name in the chunk root and links what is new and whole into the open segment. Used by the scanning
/// thread.
final class ChunkIntake {
    private static final Log LOG = Log.of(ChunkIntake.class);

    /// So many chunks are linked before their names are forced together.
    private static final int BATCH_MAX = 64;

    /// So many chunks that were not taken for want of room are remembered.
    private static final int REFUSED_MAX = 10_000;

    private final LokiConfig config;
    private final Spool spool;
    private final Losses losses;
    private final Instant firstStart;
    private final TakenChunks taken;
    private final UnwholeChunks unwhole;
    private final OpenSegment open;
    private Map<ChunkKey, Long> refused = new LinkedHashMap<>();
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
            OpenSegment open) {
        this.config = config;
        this.spool = spool;
        this.losses = losses;
        this.firstStart = firstStart;
        this.taken = taken;
        this.unwhole = unwhole;
        this.open = open;
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
        new ChunkTree(config.path()).walk(walk::found);
        walk.link();
        if (walk.chunks > 0 || taken.size() == 0) {
            taken.endLook(); // a root without any chunk is most likely one that is not mounted
        }
        unwhole.endLook();
        vanished(walk);
        refused = walk.refused;
        return new Look(refused.size(), unwhole.size(), walk.failed);
    }

    /// Chunks that the full spool did not take and that the source has deleted since (I3).
    private void vanished(Walk walk) throws IOException {
        Optional<ChunkKey> first = Optional.empty();
        TimeRange range = new TimeRange(0, 0);
        int count = 0;
        for (ChunkKey key : refused.keySet()) {
            if (!walk.refused.containsKey(key)
                    && !taken.sees(key)
                    && new ChunkTree(config.path()).find(key).isEmpty()) {
                range = first.isEmpty() ? key.range() : span(range, key.range());
                first = first.isEmpty() ? Optional.of(key) : first;
                count++;
            }
        }
        if (first.isPresent()) {
            BlockId id = first.get().lossId();
            String detail = "%d chunk(s) from %s on: the spool had no room, and Loki deleted them"
                    .formatted(count, first.get());
            LOG.error("chunks are lost", "chunks", count, "first", first.get(), "why", detail);
            spool.recordLoss(losses.ofLines(id, range, Loss.Reason.REASON_VANISHED, detail));
        }
    }

    static TimeRange span(TimeRange one, TimeRange other) {
        return new TimeRange(Math.min(one.minTime(), other.minTime()), Math.max(one.maxTime(), other.maxTime()));
    }

    /// One look.
    private final class Walk {
        private final LongPredicate admits;
        private final Map<ChunkKey, Path> batch = new LinkedHashMap<>();
        private final Map<ChunkKey, Long> refused = new LinkedHashMap<>();
        private final Map<String, String> failed = new TreeMap<>();
        private long batchBytes;
        private long chunks;

        Walk(LongPredicate admits) {
            this.admits = admits;
        }

        void found(ChunkKey key, Path file) throws IOException {
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

        private void consider(ChunkKey key, Path file) throws IOException {
            long made = Files.getLastModifiedTime(file).toMillis();
            if (config.backfill().leavesOut(made, key.range().maxTime(), firstStart) || unwhole.isKnown(key, file)) {
                return;
            }
            long bytes = Files.size(file);
            if (!refused.isEmpty() || !admits.test(bytes)) {
                if (refused.size() < REFUSED_MAX) {
                    refused.put(key, bytes);
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
            batch.put(key, file);
            batchBytes += bytes;
            if (batch.size() == BATCH_MAX || batchBytes >= config.segmentBytesMax()) {
                link();
            }
        }

        /// What was whole a moment ago; one that was deleted since is not taken.
        private void link() throws IOException {
            if (batch.isEmpty()) {
                return;
            }
            Map<String, Path> links = new LinkedHashMap<>();
            batch.forEach((key, file) -> links.put(key.linkName(), file));
            Set<String> linked = open.add(links, batchBytes);
            batch.keySet().stream()
                    .filter(key -> linked.contains(key.linkName()))
                    .forEach(taken::add);
            batch.clear();
            batchBytes = 0;
        }
    }
}
