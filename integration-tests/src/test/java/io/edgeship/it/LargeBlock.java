package io.edgeship.it;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A block of some 16 MB, enough for several parts, of random samples, which no encoding makes smaller.
final class LargeBlock {
    private static final int SERIES = 260;
    private static final int CHUNKS = 72;
    private static final int SAMPLES = 120;
    private static final long CHUNK_MILLIS = 120_000;
    private static final long STEP_MILLIS = 1000;
    private static final long BEGIN = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli();
    private static final long END = BEGIN + CHUNKS * CHUNK_MILLIS;
    private static final BlockId ID = new BlockId(END << 16, 7);

    private LargeBlock() {}

    /// Makes it in `dataDir`, a Prometheus' data directory, and returns its directory.
    static Path make(Path dataDir) throws IOException {
        Files.createDirectories(dataDir.resolve("wal"));
        Random random = new Random(7);
        TestBlock block = TestBlock.of(ID, new TimeRange(BEGIN, END));
        for (int series = 0; series < SERIES; series++) {
            List<TestChunk> chunks = new ArrayList<>();
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                long from = BEGIN + chunk * CHUNK_MILLIS;
                chunks.add(
                        TestChunk.of(from, STEP_MILLIS, random.doubles(SAMPLES).toArray()));
            }
            block.series(
                    LabelSet.ofSorted("__name__", "greenhouse_noise", "sensor", "s%03d".formatted(series)), chunks);
        }
        return block.write(dataDir);
    }
}
