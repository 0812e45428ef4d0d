package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Spool;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Files that are no whole chunk: Loki is writing them, or a crash has cut them, and then its next start may write them
/// once more. One is read again when it changes; one that stays as it is for a day is recorded as lost. Used by the
/// scanning thread.
final class UnwholeChunks {
    private static final Log LOG = Log.of(UnwholeChunks.class);

    static final Duration GRACE = Duration.ofHours(24);

    /// A clock that leaps must not make a file old at once.
    static final Duration SEEN_FOR = Duration.ofMinutes(10);

    /// Of more, the others are read at each look.
    private static final int SIZE_MAX = 10_000;

    private final Spool spool;
    private final Losses losses;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private Map<LokiChunkKey, Seen> before = new HashMap<>();
    private Map<LokiChunkKey, Seen> now = new LinkedHashMap<>();

    /// @param sinceNanos when this process saw it first as it is
    /// @param reported   whether its loss is on record
    private record Seen(long sizeBytes, FileTime modified, long sinceNanos, String why, boolean reported) {}

    UnwholeChunks(Spool spool, Losses losses, InstantSource clock, LongSupplier nanoTime) {
        this.spool = spool;
        this.losses = losses;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    void beginLook() {
        before = now;
        now = new LinkedHashMap<>();
    }

    void endLook() {
        before = Map.of();
    }

    /// How many there are.
    int size() {
        return now.size();
    }

    /// Whether it is one of them and has not changed, so that it need not be read.
    boolean isKnown(LokiChunkKey key, Path file) throws IOException {
        Seen seen = before.get(key);
        if (seen == null
                || seen.sizeBytes() != Files.size(file)
                || !seen.modified().equals(Files.getLastModifiedTime(file))) {
            return false;
        }
        keep(key, file, seen);
        return true;
    }

    /// It was read, and is not whole.
    void seen(LokiChunkKey key, Path file, String why) throws IOException {
        Seen seen = new Seen(Files.size(file), Files.getLastModifiedTime(file), nanoTime.getAsLong(), why, false);
        keep(key, file, seen);
    }

    private void keep(LokiChunkKey key, Path file, Seen seen) throws IOException {
        boolean old = nanoTime.getAsLong() - seen.sinceNanos() > SEEN_FOR.toNanos()
                && seen.modified().toInstant().plus(GRACE).isBefore(clock.instant());
        boolean isLost = old && !seen.reported();
        if (isLost) {
            lost(key, file, seen);
        }
        if (now.size() < SIZE_MAX) {
            now.put(
                    key,
                    new Seen(
                            seen.sizeBytes(),
                            seen.modified(),
                            seen.sinceNanos(),
                            seen.why(),
                            seen.reported() || isLost));
        }
    }

    private void lost(LokiChunkKey key, Path file, Seen seen) throws IOException {
        String detail = "%s has not become whole since %s: %s".formatted(file, seen.modified(), seen.why());
        record(key, detail);
    }

    /// What can be had of a chunk neither from the spool nor from the source.
    void record(LokiChunkKey key, String detail) throws IOException {
        Loss loss = losses.ofLines(ChunkHashes.lossId(key), key.range(), Loss.Reason.REASON_CORRUPT, detail);
        if (spool.losses().stream().noneMatch(known -> known.getUlid().equals(loss.getUlid()))) {
            LOG.error("chunk is lost", "chunk", key, "why", detail);
            spool.recordLoss(loss);
        }
    }

    /// It is whole after all.
    void isWhole(LokiChunkKey key) throws IOException {
        Seen seen = before.get(key);
        if (seen != null && seen.reported()) {
            LOG.info("chunk that counted as lost is whole", "chunk", key);
            spool.forgetLoss(ChunkHashes.lossId(key));
        }
    }
}
