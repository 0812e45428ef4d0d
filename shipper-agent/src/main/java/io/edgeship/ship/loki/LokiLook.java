package io.edgeship.ship.loki;

import io.edgeship.block.loki.LokiChunkKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What lies in a chunk root, by names and sizes alone.
///
/// @param spanMillis     from the first line of all to the last
/// @param newest         the chunk that was written last
/// @param refusedTenants whose chunks are not shipped, and why
public record LokiLook(
        int chunks, long bytes, long spanMillis, Optional<Path> newest, SortedMap<String, String> refusedTenants) {
    public LokiLook {
        refusedTenants = Collections.unmodifiableSortedMap(new TreeMap<>(refusedTenants));
    }

    /// What a running Loki says of itself.
    ///
    /// @param silence   why it says nothing; empty if it answered
    /// @param mismatch  why its chunks are not those in the configured path
    /// @param retention after which it deletes chunks; empty where it never does, or does not say
    public record Running(Optional<String> silence, Optional<String> mismatch, Optional<Duration> retention) {}

    /// Changes nothing; the agent may be running.
    ///
    /// @throws IOException if the chunk root cannot be read
    public static LokiLook of(LokiConfig config) throws IOException {
        Counting counting = new Counting(config.tenants());
        new ChunkTree(config.path()).walk(counting::found);
        long span = counting.chunks == 0 ? 0 : counting.untilMillis - counting.fromMillis;
        return new LokiLook(counting.chunks, counting.bytes, span, counting.newest, counting.refused);
    }

    /// Asks the Loki, where its url is configured.
    public static Running ask(LokiConfig config) {
        if (config.url().isEmpty()) {
            return new Running(Optional.of("no url is configured"), Optional.empty(), Optional.empty());
        }
        try {
            LokiApi.Facts facts = new LokiApi(config.url().get()).facts();
            return new Running(Optional.empty(), RunningLoki.mismatch(config, facts), facts.retention());
        } catch (IOException e) {
            return new Running(Optional.of(String.valueOf(e.getMessage())), Optional.empty(), Optional.empty());
        }
    }

    private static final class Counting {
        private final Tenants tenants;
        private final SortedMap<String, String> refused = new TreeMap<>();
        private int chunks;
        private long bytes;
        private long fromMillis = Long.MAX_VALUE;
        private long untilMillis;
        private long newestMillis = Long.MIN_VALUE;
        private Optional<Path> newest = Optional.empty();

        Counting(Tenants tenants) {
            this.tenants = tenants;
        }

        void found(LokiChunkKey key, Path file) throws IOException {
            tenants.whyNot(key.tenant()).ifPresent(why -> refused.put(key.tenant(), why));
            try {
                long written = Files.getLastModifiedTime(file).toMillis();
                bytes += Files.size(file);
                if (written > newestMillis) {
                    newestMillis = written;
                    newest = Optional.of(file);
                }
            } catch (NoSuchFileException e) {
                return; // Loki has deleted it
            }
            chunks++;
            fromMillis = Math.min(fromMillis, key.range().minTime());
            untilMillis = Math.max(untilMillis, key.range().maxTime());
        }
    }

    /// An estimate; 0 while there is nothing to tell it from.
    public long bytesPerDay() {
        return spanMillis == 0
                ? 0
                : (long) ((double) bytes / spanMillis * Duration.ofDays(1).toMillis());
    }
}
