package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// A Prometheus that cuts a block of random samples every two hours and deletes those that are past its retention.
/// Remembers the digests of what it wrote.
final class SimulatedPrometheus {
    static final List<String> FILES = List.of("index", "chunks/000001");

    private static final Duration RETENTION = Duration.ofDays(15);
    private static final long RANGE_MILLIS = Duration.ofHours(2).toMillis();
    private static final long STEP_MILLIS = 30_000;
    private static final int SAMPLES = 120;

    private final Path dataDir;
    private final Random random;
    private final Deque<Path> kept = new ArrayDeque<>();
    private final Map<BlockId, Map<String, String>> digests = new LinkedHashMap<>();

    SimulatedPrometheus(Path dataDir, Random random) throws IOException {
        this.dataDir = dataDir;
        this.random = random;
        Files.createDirectories(dataDir.resolve("wal"));
    }

    /// Writes the block of the two hours before `end`, and deletes what is too old then.
    void cut(Instant end) throws IOException {
        long begin = end.toEpochMilli() - RANGE_MILLIS;
        BlockId id = new BlockId((end.toEpochMilli() << 16) | random.nextInt(1 << 16), random.nextLong());
        TestBlock block = TestBlock.of(id, new TimeRange(begin, begin + RANGE_MILLIS));
        int number = random.nextInt(30, 45);
        for (int series = 0; series < number; series++) {
            long second = begin + SAMPLES * STEP_MILLIS;
            block.series(
                    LabelSet.ofSorted("__name__", "greenhouse_noise", "sensor", "s%03d".formatted(series)),
                    TestChunk.of(begin, STEP_MILLIS, random.doubles(SAMPLES).toArray()),
                    TestChunk.of(second, STEP_MILLIS, random.doubles(SAMPLES).toArray()));
        }
        Path dir = block.write(dataDir);
        kept.add(dir);
        digests.put(id, digests(dir));
        while (timeOf(kept.getFirst()).isBefore(end.minus(RETENTION))) {
            delete(kept.removeFirst());
        }
    }

    /// By file, of each block ever cut, oldest first.
    Map<BlockId, Map<String, String>> digests() {
        return digests;
    }

    /// How many of its blocks are still there.
    int kept() {
        return kept.size();
    }

    /// By file.
    static Map<String, String> digests(Path block) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        for (String file : FILES) {
            digests.put(file, sha256(Files.readAllBytes(block.resolve(file))));
        }
        return digests;
    }

    private static Instant timeOf(Path block) {
        return Instant.ofEpochMilli(
                BlockId.parse(String.valueOf(block.getFileName())).timeMillis());
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
