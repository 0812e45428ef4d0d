package io.edgeship.block.rewrite;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.testing.RandomSamples;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.PromtoolDump;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import io.edgeship.block.write.BlockWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedBlocksTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final TimeRange RANGE = new TimeRange(0, 7_200_000);
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");
    private static final LabelSet LATE = LabelSet.ofSorted("__name__", "late");

    @TempDir
    private Path out;

    private int blocks;

    @Test
    void lateSamplesOfARealPrometheusJoinTheOthersAndNothingElseChanges() throws IOException {
        Path regular = GOLDEN.resolve("01M83GSE62ARGZ6NS2THBV0E4Q");
        Path late = GOLDEN.resolve("01M83GSE5DPDK87AWYMSGXDHS9");
        BlockMeta.Stats lateStats = BlockMeta.read(late.resolve("meta.json")).stats();

        RewrittenBlock written = merge(late, regular);

        assertThat(written.counts().of(RewriteCount.DUPLICATE_SAMPLES)).isZero();
        BlockDiff.Result added = BlockDiff.compare(regular, written.dir(), false, _ -> {});
        assertThat(added.count()).isEqualTo(lateStats.numSamples());
        assertThat(added.differences()).allMatch(difference -> difference.first() == null);
        BlockDiff.Result missing = BlockDiff.compare(late, written.dir(), false, _ -> {});
        assertThat(missing.differences()).allMatch(difference -> difference.first() == null);
        assertThat(BlockVerifier.verify(written.dir())).isInstanceOf(Verdict.Sound.class);
    }

    @ParameterizedTest
    @CsvSource({
        "01M83GSE62ARGZ6NS2THBV0E4Q, 01M83GSE5DPDK87AWYMSGXDHS9, promtool-dump.txt.gz",
        "01M83GR348Y4934FR7CE7TVV09, 01M83GR33SV16GR47WYFEMG59E, promtool-dump-xor2.txt.gz",
    })
    void lateSamplesAndOthersTogetherAreWhatPromtoolDumps(String merged, String late, String dump) throws IOException {
        RewrittenBlock block = merge(GOLDEN.resolve(late), GOLDEN.resolve(merged));

        Map<String, List<String>> read = new HashMap<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block.dir()))) {
            reader.forEachSeries(List.of(), series -> {
                List<String> samples = read.computeIfAbsent(series.labels().toString(), _ -> new ArrayList<>());
                for (TimedChunk chunk : series.readChunks()) {
                    PromtoolDump.print(chunk.chunk().iterator(), samples);
                }
                samples.sort(null);
            });
        }
        assertThat(read).isEqualTo(PromtoolDump.read(GOLDEN.resolve(dump)));
        assertThat(encodings(block.dir())).allMatch(code -> code <= 3);
    }

    @Test
    void lateSamplesComeBetweenTheOthers() throws IOException {
        Path regular = block(id(2), Map.of(UP, TestChunk.of(0, 2000, 1, 3, 5)));
        Path late = block(
                id(1), Map.of(UP, TestChunk.of(1000, 2000, 2, 4), LATE, TestChunk.of(7000, 1, 9)), "from-out-of-order");

        RewrittenBlock written = merge(regular, late);

        Path expected = block(id(3), Map.of(UP, TestChunk.of(0, 1000, 1, 2, 3, 4, 5), LATE, TestChunk.of(7000, 1, 9)));
        assertThat(BlockDiff.compare(expected, written.dir(), false, _ -> {}).differences())
                .isEmpty();
        assertThat(written.meta().compaction().level()).isEqualTo(1);
        assertThat(written.meta().compaction().sources())
                .containsExactly(written.meta().id());
        assertThat(written.meta().compaction().hints()).isEmpty();
    }

    @Test
    void aChunkThatCannotBeTakenApartIsBlamedOnTheBlockThatHasIt() throws IOException {
        TestChunk whole = TestChunk.of(1000, 2000, 2, 4);
        byte[] cutShort = Arrays.copyOf(whole.data(), whole.data().length - 3);
        TestChunk broken = TestChunk.ofBytes(whole.encoding(), cutShort, whole.minTime(), whole.maxTime());
        Path sound = block(id(1), Map.of(UP, TestChunk.of(0, 2000, 1, 3, 5)));
        Path bad = block(id(2), Map.of(UP, broken));
        assertThatThrownBy(() -> merge(sound, bad))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining(bad.toString());
    }

    @Test
    void ofTwoSamplesOfOneTimeThatOfTheRegularBlockStays() throws IOException {
        Path late = block(id(1), Map.of(UP, TestChunk.of(0, 1000, 7, 2)), "from-out-of-order");
        Path regular = block(id(2), Map.of(UP, TestChunk.of(0, 1000, 1, 2, 3)));

        RewrittenBlock written = merge(late, regular);

        assertThat(BlockDiff.compare(regular, written.dir(), false, _ -> {}).differences())
                .isEmpty();
        assertThat(written.counts().of(RewriteCount.DUPLICATE_SAMPLES)).isEqualTo(2);
        assertThat(written.counts().of(RewriteCount.CONFLICTING_SAMPLES)).isEqualTo(1);
    }

    @Test
    void theOrderInWhichBlocksAreNamedMakesNoDifference() throws IOException {
        Path a = block(id(1), Map.of(UP, TestChunk.of(0, 2000, 1, 3, 5)));
        Path b = block(id(2), Map.of(UP, TestChunk.of(1000, 1000, 2, 9)));
        Path first = merge(a, b).dir();
        Path again = rewrite(List.of(b, a), Files.createDirectory(out.resolve("again")))
                .orElseThrow()
                .dir();
        assertThat(again.getFileName()).isEqualTo(first.getFileName());
        for (String file : List.of("meta.json", "index", "chunks/000001")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
    }

    @Test
    void blocksOfTwoSitesAreNotMerged() throws IOException {
        Path a = block(id(1), Map.of(UP, TestChunk.of(0, 2000, 1)), "", "a");
        Path b = block(id(2), Map.of(UP, TestChunk.of(0, 2000, 1)), "", "b");
        assertThatThrownBy(() -> merge(a, b)).hasMessageContaining(b.toString()).hasMessageContaining("{site=b}");
    }

    @Test
    void downsampledBlocksAreNotMerged() throws IOException {
        Path golden = Path.of("src/test/resources/golden/thanos-0.43/01M83GXZ2AVMEVJC45097EEKWP");
        assertThatThrownBy(() -> merge(golden, golden)).hasMessageContaining("downsampled");
    }

    /// Between two chunks of a counter another block's chunk comes to lie: what the second said of the first holds no
    /// more.
    @Test
    void aHistogramChunkThatGetsAnotherNeighbourLeavesOpenWhatWasBefore() throws IOException {
        List<Sample> samples = RandomSamples.counterHistograms(new Random(1), 600);
        List<TimedChunk> chunks = appended(samples);
        List<TimedChunk> middle = chunks.subList(1, 2);
        List<TimedChunk> others = new ArrayList<>(chunks);
        others.removeAll(middle);
        assertThat(reset(chunks.get(2))).isEqualTo(CounterReset.NOT_RESET);

        RewrittenBlock written = merge(block(id(1), UP, others), block(id(2), UP, middle));

        List<TimedChunk> merged = chunks(written.dir());
        assertThat(merged).hasSameSizeAs(chunks);
        assertThat(reset(merged.get(1))).isEqualTo(CounterReset.UNKNOWN);
        assertThat(reset(merged.get(2))).isEqualTo(CounterReset.UNKNOWN);
        assertThat(reset(merged.get(3))).isEqualTo(reset(chunks.get(3)));
    }

    private static Optional<RewrittenBlock> rewrite(List<Path> dirs, Path out) throws IOException {
        return BlockRewriter.rewrite(RewriteOrder.of(dirs, new TreeMap<>()), out, _ -> {});
    }

    private RewrittenBlock merge(Path... dirs) throws IOException {
        return rewrite(List.of(dirs), out).orElseThrow();
    }

    private static List<Integer> encodings(Path block) throws IOException {
        return ((Verdict.Sound) BlockVerifier.verify(block))
                .content().chunksByEncoding().keySet().stream()
                        .map(encoding -> encoding.code())
                        .toList();
    }

    private static CounterReset reset(TimedChunk chunk) {
        return ((HistogramChunkIterator) chunk.chunk().iterator()).counterReset();
    }

    private static List<TimedChunk> appended(List<Sample> samples) {
        SeriesAppender appender = new SeriesAppender(ChunkRules.DEFAULT);
        samples.forEach(appender::append);
        return appender.finish();
    }

    private static List<TimedChunk> chunks(Path block) throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            return requireNonNull(reader.cursor().next()).readChunks();
        }
    }

    private Path block(BlockId id, LabelSet labels, List<TimedChunk> chunks) throws IOException {
        TreeSet<String> symbols = new TreeSet<>(labels.toMap().values());
        symbols.addAll(labels.toMap().keySet());
        Path parent = Files.createDirectory(out.resolve("in-" + blocks++));
        try (BlockWriter writer = BlockWriter.create(parent, id, IndexDialect.SINCE_3_7, symbols)) {
            writer.series(labels, chunks);
            return writer.finish(BlockMeta.of(id, writer.samples(), writer.stats()));
        }
    }

    private Path block(BlockId id, Map<LabelSet, TestChunk> series, String... hints) throws IOException {
        return block(id, series, hints.length == 0 ? "" : hints[0], "");
    }

    private Path block(BlockId id, Map<LabelSet, TestChunk> series, String hint, String site) throws IOException {
        TestBlock block = TestBlock.of(id, RANGE);
        new TreeMap<>(series).forEach((labels, chunk) -> block.series(labels, chunk));
        block.meta(meta -> {
            BlockMeta.Compaction lineage = new BlockMeta.Compaction(
                    1, List.of(id), false, List.of(), false, hint.isEmpty() ? List.of() : List.of(hint));
            BlockMeta hinted = meta.withCompaction(lineage);
            return site.isEmpty()
                    ? hinted
                    : hinted.withThanos(ThanosMeta.of(Map.of("site", site), "", List.of(), List.of()));
        });
        return block.write(Files.createDirectory(out.resolve("in-" + blocks++)));
    }

    private static BlockId id(long number) {
        return new BlockId(0x0190_0000_0000_0000L + (number << 16), number);
    }
}
