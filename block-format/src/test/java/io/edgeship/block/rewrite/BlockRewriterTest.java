package io.edgeship.block.rewrite;

import static io.edgeship.block.rewrite.Orders.chunks;
import static io.edgeship.block.rewrite.Orders.keeping;
import static io.edgeship.block.rewrite.Orders.order;
import static io.edgeship.block.rewrite.Orders.ref;
import static io.edgeship.block.rewrite.Orders.relabelled;
import static io.edgeship.block.rewrite.Orders.rule;
import static io.edgeship.block.rewrite.Orders.samples;
import static io.edgeship.block.rewrite.Orders.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.testing.Flaw;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.thanos.BlockFile;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockRewriterTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final Path MERGED = GOLDEN.resolve("01M83GR348Y4934FR7CE7TVV09");
    private static final TimeRange RANGE = new TimeRange(0, 7_200_000);
    private static final List<String> NAME = List.of("__name__");
    private static final LabelSet UP_A = LabelSet.ofSorted("__name__", "up", "job", "a");
    private static final LabelSet UP_B = LabelSet.ofSorted("__name__", "up", "job", "b");
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");

    @TempDir
    private Path dir;

    private int outs;

    @Test
    void chunksThatLieWithinWhatIsKeptAreCopiedAndThoseAtTheEdgeCut() throws IOException {
        TestChunk before = TestChunk.of(0, 1000, 1, 2, 3);
        TestChunk within = TestChunk.of(5000, 1000, 4, 5);
        TestChunk after = TestChunk.of(8000, 1000, 6, 7, 8);
        Path block = block(1, Map.of(UP, List.of(before, within, after)));

        RewrittenBlock cut = rewrite(keeping(order(block), new TimeRange(2000, 9000)));

        List<TimedChunk> chunks = chunks(cut.dir());
        assertThat(chunks).hasSize(3);
        assertThat(chunks.get(0).minTime()).isEqualTo(2000);
        assertThat(chunks.get(1).chunk().data()).isEqualTo(within.data());
        assertThat(chunks.get(2).maxTime()).isEqualTo(8000);
        assertThat(cut.counts().of(RewriteCount.CUT_SAMPLES)).isEqualTo(4);
        assertThat(cut.meta().range()).isEqualTo(new TimeRange(2000, 9000));
        assertThat(said(cut).toString()).contains("\"keep\":[[2000,9000]]").contains("\"cut_samples\":4");
    }

    @Test
    void aBlockOfAHigherLevelThatIsCutIsItsOwnSource() throws IOException {
        BlockMeta meta = BlockMeta.read(MERGED.resolve("meta.json"));
        TimeRange range = meta.range();
        long middle = (range.minTime() + range.maxTime()) / 2;

        RewrittenBlock whole = rewrite(order(MERGED));
        assertThat(whole.meta().compaction()).isEqualTo(meta.compaction());
        RewrittenBlock covered = rewrite(keeping(order(MERGED), new TimeRange(0, Long.MAX_VALUE)));
        assertThat(covered.meta()).isEqualTo(whole.meta());

        RewrittenBlock cut = rewrite(keeping(order(MERGED), new TimeRange(0, middle)));
        assertThat(cut.meta().compaction().level()).isEqualTo(1);
        assertThat(cut.meta().compaction().sources()).containsExactly(cut.meta().id());
        assertThat(cut.meta().range()).isEqualTo(new TimeRange(range.minTime(), middle));
    }

    @Test
    void nothingIsWrittenWhereNothingIsKept() throws IOException {
        Path block = block(1, Map.of(UP, List.of(TestChunk.of(0, 1000, 1, 2, 3))));

        assertThat(BlockRewriter.rewrite(keeping(order(block), new TimeRange(8_000_000, 9_000_000)), out(), _ -> {}))
                .isEmpty();
        assertThat(BlockRewriter.rewrite(keeping(order(block), new TimeRange(3000, 9000)), out(), _ -> {}))
                .isEmpty();
        assertThat(dir.resolve("out-0")).isEmptyDirectory();
        assertThat(dir.resolve("out-1")).isEmptyDirectory();
    }

    @Test
    void seriesThatGetTheSameLabelsBecomeOneOfWhichTheFirstWins() throws IOException {
        Path block = block(
                1,
                Map.of(
                        UP_A,
                        List.of(TestChunk.of(0, 2000, 1, 2, 3)),
                        UP_B,
                        List.of(TestChunk.of(0, 1000, 7, 8, 2, 9)),
                        LabelSet.ofSorted("__name__", "down"),
                        List.of(TestChunk.of(0, 1000, 1))));
        Relabeling relabeling = Relabeling.of(
                List.of(rule(RelabelAction.LABELDROP, List.of(), "job"), rule(RelabelAction.KEEP, NAME, "up")));

        RewrittenBlock written = rewrite(relabelled(order(block), relabeling));

        Path expected = block(2, Map.of(UP, List.of(TestChunk.of(0, 1000, 1, 8, 2, 9, 3))));
        assertThat(samples(written.dir())).isEqualTo(samples(expected));
        assertThat(written.counts().of(RewriteCount.MERGED_SERIES)).isEqualTo(1);
        assertThat(written.counts().of(RewriteCount.DROPPED_SERIES)).isEqualTo(1);
        assertThat(written.counts().of(RewriteCount.DUPLICATE_SAMPLES)).isEqualTo(2);
        assertThat(written.counts().of(RewriteCount.CONFLICTING_SAMPLES)).isEqualTo(1);
        assertThat(said(written).texts("relabel")).hasSize(2);
    }

    @Test
    void moreSeriesThanCanBeSortedAreAnErrorThatSaysSo() throws IOException {
        Path block = block(1, Map.of(UP_A, List.of(TestChunk.of(0, 1000, 1)), UP_B, List.of(TestChunk.of(0, 1000, 1))));
        Relabeling none = Relabeling.of(List.of(rule(RelabelAction.LABELDROP, List.of(), "nothing")));
        try (Sources sources = Sources.open(List.of(block))) {
            Tally tally = new Tally();
            assertThatThrownBy(() -> RelabelledSeries.read(sources.list(), none, tally, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than 1 series to relabel");
        }
        assertThat(RelabelledSeries.entryBytes(12) * RelabelledSeries.SERIES_MAX)
                .isEqualTo(132 << 20);
    }

    @Test
    void eachOptionAndEachDeletionGivesAnotherBlockAndNoneTheSameOne() throws IOException {
        Path block = block(1, Map.of(UP, List.of(TestChunk.of(0, 1000, 1.25, 2, 3))));
        RewriteOrder plain = order(block);
        Set<BlockId> ids = new HashSet<>();
        ids.add(id(plain));
        ids.add(id(keeping(plain, new TimeRange(0, 2000))));
        ids.add(id(keeping(plain, new TimeRange(0, 1000), new TimeRange(1500, 2000))));
        ids.add(id(with(plain, OptionalInt.of(2), Optional.empty())));
        ids.add(id(with(plain, OptionalInt.of(3), Optional.empty())));
        ids.add(id(with(plain, OptionalInt.empty(), Optional.of(Resolution.FIVE_MINUTES))));
        ids.add(id(with(plain, OptionalInt.of(2), Optional.of(Resolution.FIVE_MINUTES))));
        ids.add(id(relabelled(plain, Relabeling.of(List.of(rule(RelabelAction.LABELDROP, List.of(), "x"))))));
        ids.add(id(RewriteOrder.of(plain.sources(), new TreeMap<>(Map.of("site", "b")))));
        TestTombstones.write(block, List.of(new Tombstone(ref(block), 1000, 1000)));
        ids.add(id(plain));
        assertThat(ids).hasSize(10);

        TestTombstones.write(block, List.of());
        assertThat(ids).contains(id(plain)); // an empty file is as good as none
    }

    @Test
    void theSectionIsThatOfANewBlockAndSaysWhatWasDoneBefore() throws IOException {
        Path block = block(1, Map.of(UP, List.of(TestChunk.of(0, 1000, 1.23, 2, 3))), meta -> {
            List<BlockFile> files = List.of(new BlockFile("index", 1, null));
            return meta.withThanos(ThanosMeta.of(Map.of("site", "a"), "sidecar", List.of("000009"), files)
                    .withUploadTime(Instant.EPOCH));
        });
        RewrittenBlock rounded = rewrite(with(order(block), OptionalInt.of(2), Optional.empty()));
        ThanosMeta first = thanos(rounded);
        assertThat(first.labels()).containsExactly(Map.entry("site", "shop"));
        assertThat(first.uploadTime()).isNull();
        assertThat(first.segmentFiles()).containsExactly("000001");
        assertThat(said(rounded).toString())
                .isEqualTo("{\"rule\":\"rewrite\",\"of\":[\"%s\"],\"significant_digits\":2,\"rounded_samples\":1}"
                        .formatted(blockId(1)));

        RewrittenBlock thinned =
                rewrite(with(order(rounded.dir()), OptionalInt.empty(), Optional.of(Resolution.FIVE_MINUTES)));
        ThanosMeta second = thanos(thinned);
        assertThat(second.resolutionMillis()).isEqualTo(300_000);
        assertThat(said(thinned).objects("before")).containsExactly(said(rounded));
        assertThat(thinned.meta().stats().numFloatSamples()).isEqualTo(3);
        assertThat(thinned.meta().compaction().sources())
                .doesNotContain(thinned.meta().id());

        RewrittenBlock again = rewrite(order(rewrite(order(rounded.dir())).dir()));
        assertThat(said(again).objects("before")).hasSize(2).endsWith(said(rounded));
    }

    @Test
    void blocksWithoutASectionAreOfAnyStream() throws IOException {
        Path a = block(1, Map.of(UP_A, List.of(TestChunk.of(0, 1000, 1))));
        Path b = block(2, Map.of(UP_B, List.of(TestChunk.of(0, 1000, 1))), site("b"));
        Path c = block(3, Map.of(UP, List.of(TestChunk.of(0, 1000, 1))), site("c"));

        assertThat(rewrite(order(a, b)).meta().stats().numSeries()).isEqualTo(2);
        assertThatThrownBy(() -> rewrite(order(b, a, c)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(c.toString())
                .hasMessageContaining("{site=b}");
    }

    @Test
    void theSameBlockTwiceIsAnError() throws IOException {
        Path block = block(1, Map.of(UP, List.of(TestChunk.of(0, 1000, 1))));
        assertThatThrownBy(() -> rewrite(order(block, block)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("are the same block");
    }

    @Test
    void anIndexOutOfOrderIsNamed() throws IOException {
        Path block = TestBlock.of(blockId(1), RANGE)
                .series(UP_B, TestChunk.of(0, 1000, 1))
                .series(UP_A, TestChunk.of(0, 1000, 1))
                .with(Flaw.SERIES_UNSORTED)
                .write(dir.resolve("in"));
        assertThatThrownBy(() -> rewrite(order(block)))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining(block.resolve("index").toString())
                .hasMessageContaining("comes after");
        assertThat(dir.resolve("out-0")).isEmptyDirectory();
    }

    private RewrittenBlock rewrite(RewriteOrder order) throws IOException {
        return BlockRewriter.rewrite(order, out(), _ -> {}).orElseThrow();
    }

    private BlockId id(RewriteOrder order) throws IOException {
        return rewrite(order).meta().id();
    }

    private Path out() throws IOException {
        return Files.createDirectory(dir.resolve("out-" + outs++));
    }

    private static ThanosMeta thanos(RewrittenBlock block) {
        return Optional.ofNullable(block.meta().thanos()).orElseThrow();
    }

    private static JsonObject said(RewrittenBlock block) throws IOException {
        return thanos(block).extension(RewriteCounts.EXTENSION);
    }

    private static UnaryOperator<BlockMeta> site(String name) {
        return meta -> meta.withThanos(ThanosMeta.of(Map.of("site", name), "", List.of(), List.of()));
    }

    private Path block(long number, Map<LabelSet, List<TestChunk>> series) throws IOException {
        return block(number, series, meta -> meta);
    }

    private Path block(long number, Map<LabelSet, List<TestChunk>> series, UnaryOperator<BlockMeta> meta)
            throws IOException {
        TestBlock block = TestBlock.of(blockId(number), RANGE).meta(meta);
        new TreeMap<>(series).forEach(block::series);
        return block.write(dir.resolve("in"));
    }

    private static BlockId blockId(long number) {
        return new BlockId(0x0190_0000_0000_0000L + (number << 16), number);
    }
}
