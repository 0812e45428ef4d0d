package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// A block of some 16 MB, enough for several parts, which promtool makes from random samples.
final class LargeBlock {
    private static final int SERIES = 260;
    private static final int SAMPLES = 7000;
    private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private LargeBlock() {}

    /// Makes it in `dataDir`, a Prometheus' data directory, and returns its directory.
    static Path make(Path promtool, Path dataDir) throws IOException, InterruptedException {
        Files.createDirectories(dataDir.resolve("wal"));
        Path text = dataDir.resolveSibling("samples.txt");
        write(text);
        List<String> words = List.of(
                promtool.toString(), "tsdb", "create-blocks-from", "openmetrics", text.toString(), dataDir.toString());
        try (Child child = Child.start("promtool", dataDir.resolveSibling("promtool.log"), words, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
        }
        Files.delete(text);
        try (Stream<Path> entries = Files.list(dataDir)) {
            List<Path> blocks = entries.filter(entry -> Files.exists(entry.resolve("meta.json")))
                    .toList();
            assertThat(blocks).as("blocks that promtool made").hasSize(1);
            return blocks.getFirst();
        }
    }

    private static void write(Path text) throws IOException {
        Random random = new Random(7);
        try (BufferedWriter out = Files.newBufferedWriter(text)) {
            out.write("# TYPE greenhouse_noise gauge\n");
            for (int sample = 0; sample < SAMPLES; sample++) {
                for (int series = 0; series < SERIES; series++) {
                    out.write("greenhouse_noise{sensor=\"" + series + "\"} " + random.nextDouble() + " "
                            + (BEGIN.getEpochSecond() + sample) + "\n");
                }
            }
            out.write("# EOF\n");
        }
    }
}
