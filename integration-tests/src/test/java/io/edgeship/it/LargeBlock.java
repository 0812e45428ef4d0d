package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Blocks of random samples, which no encoding makes smaller: as many bytes as a test of links needs.
final class LargeBlock {
    private static final int CHUNKS = 72;
    private static final int SAMPLES = 120;
    private static final long CHUNK_MILLIS = 120_000;
    private static final long STEP_MILLIS = 1000;
    private static final long BEGIN = Instant.parse("2026-10-20T00:00:00Z").toEpochMilli();
    private static final long RANGE_MILLIS = CHUNKS * CHUNK_MILLIS;

    /// What a series takes, about.
    private static final long SERIES_BYTES = 62_500;

    private LargeBlock() {}

    /// Makes one of some 16 MB in `dataDir`, a Prometheus' data directory, and returns its directory.
    static Path make(Path dataDir) throws IOException {
        return make(dataDir, 0, 16 << 20);
    }

    /// Makes one of about so many bytes. Appears whole, as a block of Prometheus' does.
    ///
    /// @param number from 0: each is of the range after the one before
    static Path make(Path dataDir, int number, long bytes) throws IOException {
        Files.createDirectories(dataDir.resolve("wal"));
        long begin = BEGIN + number * RANGE_MILLIS;
        BlockId id = new BlockId((begin + RANGE_MILLIS) << 16, 7 + number);
        Random random = new Random(7 + number);
        TestBlock block = TestBlock.of(id, new TimeRange(begin, begin + RANGE_MILLIS));
        for (int series = 0; series < Math.max(1, bytes / SERIES_BYTES); series++) {
            List<TestChunk> chunks = new ArrayList<>();
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                long from = begin + chunk * CHUNK_MILLIS;
                chunks.add(
                        TestChunk.of(from, STEP_MILLIS, random.doubles(SAMPLES).toArray()));
            }
            block.series(
                    LabelSet.ofSorted("__name__", "greenhouse_noise", "sensor", "s%05d".formatted(series)), chunks);
        }
        Path unfinished = block.write(Files.createDirectories(dataDir.resolve("unfinished.tmp-for-creation")));
        return Files.move(unfinished, dataDir.resolve(id.toString()), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Of all its files.
    static long bytes(Path block) throws IOException {
        long bytes = 0;
        try (var files = Files.walk(block)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
