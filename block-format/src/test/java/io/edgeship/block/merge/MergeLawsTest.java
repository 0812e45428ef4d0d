package io.edgeship.block.merge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.TimeRange;
import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.downsample.BlockDownsampler;
import io.edgeship.block.downsample.CounterIterator;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RandomSources;
import io.edgeship.block.rewrite.RandomSources.SourceModel;
import io.edgeship.block.rewrite.RewriteOrder;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of every merge, whatever the blocks: floats, histograms, float histograms, gaps, overlaps, one sample.
class MergeLawsTest {
    /// More are asked for by `-Dedgeship.merge.seeds=2000`.
    private static final int SEEDS = Integer.getInteger("edgeship.merge.seeds", 8);

    private static final List<Long> ALL = List.of(0L, 300_000L, 3_600_000L);
    private static final LabelSet COUNTER = LabelSet.ofSorted("__name__", "requests_total");

    @TempDir
    private Path dir;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void oneStreamedPassMakesWhatRewritingAndThenDownsamplingMakes(long seed) throws IOException {
        List<Path> sources = sources(seed);
        merge("out", sources, ALL);
        Optional<RewrittenBlock> rewritten = BlockRewriter.rewrite(
                RewriteOrder.of(sources, new TreeMap<>()), Files.createDirectory(dir.resolve("rewritten")), _ -> {});
        if (rewritten.isEmpty()) {
            assertThat(count(dir.resolve("out/raw"))).as("seed %d", seed).isZero();
            return;
        }
        Path raw = rewritten.get().dir();
        assertSameBytes(raw, dir.resolve("out/raw"), seed);
        Optional<Path> fiveMinutes = downsample(raw, Resolution.FIVE_MINUTES);
        if (fiveMinutes.isPresent()) {
            assertSameBytes(fiveMinutes.get(), dir.resolve("out/5m"), seed);
            assertSameBytes(
                    downsample(fiveMinutes.get(), Resolution.ONE_HOUR).orElseThrow(), dir.resolve("out/1h"), seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void compactingInStepsGivesTheSameSamplesAndAgainTheSameBytes(long seed) throws IOException {
        List<Path> sources = sources(seed);
        merge("once", sources, List.of(0L));
        merge("twice", sources, List.of(0L));
        assertSameBytes(dir.resolve("once/raw"), dir.resolve("twice/raw"), seed);

        int split = 1 + new Random(seed).nextInt(sources.size());
        merge("early", sources.subList(0, split), List.of(0L));
        List<Path> steps = new ArrayList<>(List.of(dir.resolve("early/raw")));
        steps.addAll(sources.subList(split, sources.size()));
        merge("steps", steps, List.of(0L));
        assertSameSamples(dir.resolve("once/raw"), dir.resolve("steps/raw"), seed);

        merge("again", List.of(dir.resolve("once/raw")), List.of(0L));
        assertSameChunks(dir.resolve("once/raw"), dir.resolve("again/raw"), seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void windowsInAnyOrderAndAnyGroupingGiveTheSameSamples(long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> windows = windows(random);
        merge("once", windows, ALL);
        List<Path> shuffled = new ArrayList<>(windows);
        Collections.shuffle(shuffled, random);
        int split = 1 + random.nextInt(shuffled.size() - 1);
        merge("a", shuffled.subList(0, split), List.of(0L));
        merge("b", shuffled.subList(split, shuffled.size()), List.of(0L));
        merge("grouped", List.of(dir.resolve("b/raw"), dir.resolve("a/raw")), ALL);
        for (String result : List.of("raw", "5m", "1h")) {
            assertSameBytes(
                    dir.resolve("once").resolve(result), dir.resolve("grouped").resolve(result), seed);
        }
        assertThat(BlockVerifier.verify(dir.resolve("once/raw"), new BlockId(0, 0)))
                .as("seed %d", seed)
                .isInstanceOf(Verdict.Sound.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void downsampledWindowsMergedHoldWhatTheMergedBlockDownsampledHolds(long seed) throws IOException {
        List<Path> windows = windows(new Random(seed));
        merge("once", windows, List.of(0L, 300_000L));
        List<Path> coarse = new ArrayList<>();
        for (Path window : windows) {
            merge("coarse-" + window.getFileName(), List.of(window), List.of(300_000L));
            coarse.add(dir.resolve("coarse-" + window.getFileName()).resolve("5m"));
        }
        merge("late", coarse, List.of(300_000L, 3_600_000L));
        assertThat(windows(dir.resolve("late/5m"), 300_000))
                .as("seed %d", seed)
                .isEqualTo(windows(dir.resolve("once/5m"), 300_000));
        merge("hours", windows, List.of(3_600_000L));
        assertThat(windows(dir.resolve("late/1h"), 3_600_000))
                .as("seed %d", seed)
                .isEqualTo(windows(dir.resolve("hours/1h"), 3_600_000));
        assertThat(total(dir.resolve("late/1h"))).as("seed %d", seed).isEqualTo(total(dir.resolve("once/5m")));
    }

    private List<Path> sources(long seed) throws IOException {
        return RandomSources.write(new Random(seed), dir).stream()
                .map(SourceModel::dir)
                .toList();
    }

    /// Two-hour blocks of a counter with resets, gaps, stale markers, and chunks of one sample.
    private List<Path> windows(Random random) throws IOException {
        List<Path> windows = new ArrayList<>();
        double value = 0;
        for (int window = 0; window < 2 + random.nextInt(12); window++) {
            long begin = window * 7_200_000L;
            List<TestChunk> chunks = new ArrayList<>();
            for (long time = begin + random.nextInt(30_000); time < begin + 7_000_000; ) {
                double[] values = new double[random.nextInt(8) == 0 ? 1 : 1 + random.nextInt(120)];
                for (int i = 0; i < values.length; i++) {
                    value = random.nextInt(100) == 0 ? 0 : value + random.nextInt(1000);
                    values[i] = random.nextInt(60) == 0 ? StaleMarker.value() : value;
                }
                int fits = (int) Math.min(values.length, (begin + 7_199_999 - time) / 15_000 + 1);
                chunks.add(TestChunk.of(time, 15_000, Arrays.copyOf(values, fits)));
                time += fits * 15_000L + (random.nextInt(10) == 0 ? random.nextInt(1_000_000) : 0);
            }
            TestBlock block = TestBlock.of(new BlockId(begin + 1, window), new TimeRange(begin, begin + 7_200_000));
            windows.add(block.series(COUNTER, chunks).write(dir.resolve("in")));
        }
        return windows;
    }

    private void merge(String out, List<Path> sources, List<Long> resolutions) throws IOException {
        Merges.merge(dir.resolve(out), new OneToOneMerger(), sources, resolutions);
    }

    private Optional<Path> downsample(Path block, Resolution resolution) throws IOException {
        return BlockDownsampler.downsample(
                block, Files.createDirectories(dir.resolve("coarse")), resolution, (_, _) -> {});
    }

    private static void assertSameBytes(Path expected, Path actual, long seed) throws IOException {
        assertSameChunks(expected, actual, seed);
        assertThat(actual.resolve("index")).as("seed %d", seed).hasSameBinaryContentAs(expected.resolve("index"));
    }

    private static void assertSameChunks(Path expected, Path actual, long seed) {
        assertThat(actual.resolve("chunks/000001"))
                .as("seed %d", seed)
                .hasSameBinaryContentAs(expected.resolve("chunks/000001"));
    }

    private static void assertSameSamples(Path expected, Path actual, long seed) throws IOException {
        assertThat(BlockDiff.compare(expected, actual, false, _ -> {}).differences())
                .as("seed %d", seed)
                .isEmpty();
    }

    private static long count(Path block) throws IOException {
        long[] count = {0};
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), _ -> count[0]++);
        }
        return count[0];
    }

    /// The aggregates of each window, but for the counter, by the window's number.
    private static Map<Long, List<Double>> windows(Path block, long millis) throws IOException {
        Map<Long, List<Double>> windows = new TreeMap<>();
        for (Aggregate aggregate : List.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX)) {
            for (FloatIterator samples : floats(block, aggregate)) {
                while (samples.next()) {
                    windows.computeIfAbsent(samples.timeMillis() / millis, _ -> new ArrayList<>())
                            .add(samples.value());
                }
            }
        }
        return windows;
    }

    private static double total(Path block) throws IOException {
        CounterIterator counter = new CounterIterator(floats(block, Aggregate.COUNTER));
        double total = 0;
        while (counter.next()) {
            total = counter.total();
        }
        return total;
    }

    private static List<FloatIterator> floats(Path block, Aggregate aggregate) throws IOException {
        List<FloatIterator> parts = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            for (TimedChunk chunk : requireNonNull(reader.cursor().next()).readChunks()) {
                AggregateChunk.Part part = AggregateChunk.decode(chunk.chunk().data())
                        .part(aggregate)
                        .orElseThrow();
                parts.add(new Chunk(part.encodingCode(), part.data()).floats());
            }
        }
        return parts;
    }
}
