package io.edgeship.block.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.BlockReader.Sample;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `block dump` prints, a real promtool makes blocks of, and our reader finds the same samples in them.
class PromtoolRoundTripTest {
    private static final long SEED = 20_261_123;
    private static final TimeRange SIX_HOURS = new TimeRange(0, 3 * TestBlocks.TWO_HOURS.maxTime());

    @TempDir
    private Path dir;

    @Test
    void promtoolMakesTheSameSamplesOfAnOpenMetricsDump() throws IOException, InterruptedException {
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "SKIPPED: no promtool found on the PATH");
        Path block = block().write(dir);
        Path text = dir.resolve("dump.txt");
        try (PrintStream out = new PrintStream(Files.newOutputStream(text), false, StandardCharsets.UTF_8)) {
            String[] words = {"block", "dump", block.toString()};
            assertThat(Commands.run(BlockMain.commands(), words, new Terminal(out, System.err, false)))
                    .isZero();
        }

        Path made = dir.resolve("made");
        create(promtool.orElseThrow(), text, made);

        assertThat(samples(made)).isEqualTo(samples(dir));

        Path ours = dir.resolve("ours");
        run("block", "create", "--out", ours.toString(), "--openmetrics", text.toString());
        assertThat(samples(ours)).isEqualTo(samples(made));
    }

    /// Each kind of block that we write, in one data directory.
    @Test
    void promtoolReadsEveryBlockThatWeWrite() throws IOException, InterruptedException {
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "SKIPPED: no promtool found on the PATH");
        String golden = "src/test/resources/golden/prometheus-3.14";
        String data = dir.resolve("data").toString();
        run("block", "create", "--out", data, "--synthetic", "sites=1,series=100,days=1,step=60s");
        run("block", "transcode", golden + "-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD", data);
        run("block", "merge", golden + "/01M83GSE62ARGZ6NS2THBV0E4Q", golden + "/01M83GSE5DPDK87AWYMSGXDHS9", data);
        List<Path> blocks = blocks(Path.of(data));
        assertThat(blocks).hasSize(12 + 1 + 1);

        Files.createDirectory(Path.of(data, "wal")); // without which older promtools dump nothing
        String list = promtool(promtool.get(), "tsdb", "list", data);
        for (Path block : blocks) {
            String id = block.getFileName().toString();
            assertThat(list).contains(id);
            assertThat(promtool(promtool.get(), "tsdb", "analyze", data, id)).contains("Block ID: " + id);
        }
        Map<String, List<Sample>> expected = samples(Path.of(data));
        assertThat(promtool(promtool.get(), "tsdb", "dump", data).lines().filter(line -> !line.contains("{count:")))
                .hasSize(expected.values().stream().mapToInt(List::size).sum());
    }

    private static void run(String... words) {
        assertThat(Commands.run(BlockMain.commands(), words))
                .as(String.join(" ", words))
                .isZero();
    }

    private String promtool(Path promtool, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(promtool.toString()));
        command.addAll(List.of(words));
        Path out = dir.resolve("out.txt");
        Path err = dir.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }

    /// Random values and special ones, over three windows of two hours.
    private static TestBlock block() {
        Random random = new Random(SEED);
        TestBlock block = TestBlock.of(TestBlocks.ID, SIX_HOURS);
        double[] special = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            0,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            1e21
        };
        block.series(
                LabelSet.ofSorted("__name__", "odd", "path", "a\\b\"c\nd é\uD83D\uDE80"),
                TestChunk.of(0, 1000, special));
        for (int i = 0; i < 5; i++) {
            List<TestChunk> chunks = new ArrayList<>();
            for (long time = 7L + i; time < SIX_HOURS.maxTime() - 2_000_000; time += 2_000_000) {
                chunks.add(TestChunk.of(time, 15_000, random.doubles(100).toArray()));
            }
            block.series(LabelSet.ofSorted("__name__", "metric:" + i, "job", "x"), chunks);
        }
        return block;
    }

    private static Map<String, List<Sample>> samples(Path blocks) throws IOException {
        Map<String, List<Sample>> samples = new TreeMap<>();
        for (Path block : blocks(blocks)) {
            assertThat(BlockVerifier.verify(block)).isInstanceOf(Verdict.Sound.class);
            try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
                reader.forEachSeries(List.of(), series -> {
                    List<Sample> list = samples.computeIfAbsent(series.labels().toString(), _ -> new ArrayList<>());
                    series.forEachSample((time, bits) -> list.add(new Sample(time, canonical(bits))));
                });
            }
        }
        samples.values().forEach(list -> list.sort(Comparator.comparingLong(Sample::timeMillis)));
        return samples;
    }

    private static List<Path> blocks(Path data) throws IOException {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.filter(entry ->
                            BlockId.tryParse(entry.getFileName().toString()).isPresent())
                    .toList();
        }
    }

    /// Text has one NaN.
    private static long canonical(long bits) {
        return Double.doubleToLongBits(Double.longBitsToDouble(bits));
    }

    private static void create(Path promtool, Path text, Path made) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        promtool.toString(),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        text.toString(),
                        made.toString())
                .redirectErrorStream(true)
                .redirectOutput(text.resolveSibling("promtool.log").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(text.resolveSibling("promtool.log")))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> promtool() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
