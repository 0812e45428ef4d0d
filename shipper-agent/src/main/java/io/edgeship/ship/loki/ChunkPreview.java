package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.queue.Incoming;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.ship.FirstStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a scan would do with the chunks of a chunk root. Nothing is changed, and the agent may be running.
///
/// @param sums        by what would be done, in words
/// @param bytesToSend of what would be taken and of what waits in the spool
public record ChunkPreview(SortedMap<String, Sum> sums, long bytesToSend) {
    private static final String TAKE = "take";

    public ChunkPreview {
        sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
    }

    /// So many of a kind.
    public record Sum(int chunks, long bytes) {
        Sum plus(long moreBytes) {
            return new Sum(chunks + 1, bytes + moreBytes);
        }
    }

    /// Reads every chunk that is not known yet once, from its first byte to its last.
    public static ChunkPreview of(LokiConfig config, InstantSource clock) throws IOException {
        if (!Files.isDirectory(config.spool())) {
            return look(config, new TakenChunks(), Set.of(), clock.instant(), 0);
        }
        try (Spool spool = Spool.look(config.spool())) {
            TakenChunks taken = taken(spool);
            Set<LokiChunkKey> waiting = new HashSet<>(ChunkMemory.inItems(spool));
            long bytes = Item.bytesToSend(spool.ready())
                    + spool.incoming().stream().mapToLong(Incoming::sizeBytes).sum();
            Instant firstStart = FirstStart.kept(spool).orElseGet(clock::instant);
            return look(config, taken, waiting, firstStart, bytes);
        }
    }

    private static TakenChunks taken(Spool spool) throws IOException {
        try {
            TakenChunks taken = ChunkMemory.kept(spool);
            new ReturnedChunks(spool).all().forEach(taken::remove);
            return taken;
        } catch (CorruptFormatException e) {
            return new TakenChunks(); // so the agent has it
        }
    }

    private static ChunkPreview look(
            LokiConfig config, TakenChunks taken, Set<LokiChunkKey> waiting, Instant firstStart, long spoolBytes)
            throws IOException {
        SortedMap<String, Sum> sums = new TreeMap<>();
        long[] bytesToSend = {spoolBytes};
        new ChunkTree(config.path()).walk((key, file) -> {
            try {
                long bytes = Files.size(file);
                String what = waiting.contains(key)
                        ? "known, wait in the spool"
                        : taken.sees(key) ? "known, shipped or dropped" : choose(config, key, file, firstStart);
                sums.merge(what, new Sum(1, bytes), (sum, _) -> sum.plus(bytes));
                bytesToSend[0] += what.equals(TAKE) ? bytes : 0;
            } catch (NoSuchFileException e) {
                // Loki has deleted it meanwhile.
            }
        });
        return new ChunkPreview(sums, bytesToSend[0]);
    }

    private static String choose(LokiConfig config, LokiChunkKey key, Path file, Instant firstStart)
            throws IOException {
        Optional<String> whyNot = config.tenants().whyNot(key.tenant());
        if (whyNot.isPresent()) {
            return "refuse: " + whyNot.get();
        }
        long made = Files.getLastModifiedTime(file).toMillis();
        if (config.backfill().leavesOut(made, key.range().maxTime(), firstStart)) {
            return "skip: backfill leaves them out";
        }
        try {
            LokiChunkHeader header = ChunkFile.check(file, key);
            return config.drop().drops(header.labels()) ? "skip: a drop rule selects their stream" : TAKE;
        } catch (CorruptFormatException e) {
            return "wait: not whole yet, or cut";
        }
    }
}
