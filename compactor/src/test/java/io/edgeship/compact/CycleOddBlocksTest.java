package io.edgeship.compact;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.thanos.Mark;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.BlockReader.Sample;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks whose files are whole and whose samples are odd, in whole cycles.
class CycleOddBlocksTest {
    private static final long DAY = 1_704_326_400_000L; // 2024-01-04
    private static final long WINDOW = 7_200_000;
    private static final long STEP = 600_000;
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");
    private static final String GOOD = "good";
    private static final String ODD = "odd";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init") // made before each test
    private CycleBed bed;

    /// Two blocks of another stream, whatever is odd.
    @BeforeEach
    void good() throws IOException {
        bed = new CycleBed(dir, CycleBed.NO_WAITS);
        add(block(GOOD, 0, regular(0)));
        add(block(GOOD, 1, regular(1)));
    }

    /// A series as it should not be, in the second of three windows.
    record Poison(String what, List<TestChunk> chunks) {
        Poison(String what, TestChunk... chunks) {
            this(what, List.of(chunks));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static List<Poison> poisons() {
        long begin = DAY + WINDOW;
        TestChunk later = TestChunk.of(begin + STEP, STEP, 1, 2, 3);
        return List.of(
                new Poison(
                        "chunks out of order",
                        TestChunk.of(begin + 3 * STEP, STEP, 1, 2),
                        TestChunk.of(begin, STEP, 1)),
                new Poison(
                        "chunks that overlap", TestChunk.of(begin, STEP, 1, 2, 3), TestChunk.of(begin + STEP, STEP, 4)),
                new Poison("a sample after what the index says", later.listedAs(begin + STEP, begin + 2 * STEP)),
                new Poison("a chunk before the block's range", TestChunk.of(begin - STEP, STEP, 1, 2)),
                new Poison("a chunk after the block's range", TestChunk.of(begin + WINDOW, STEP, 1, 2)));
    }

    @ParameterizedTest
    @MethodSource("poisons")
    void aBlockWhoseSamplesBreakARuleIsSetAsideAndAllOthersAreDone(Poison poison) throws Exception {
        BlockId first = add(block(ODD, 0, regular(0)));
        BlockId victim = add(block(ODD, 1, poison.chunks().toArray(TestChunk[]::new)));
        BlockId last = add(block(ODD, 2, regular(2)));
        bed.startOver(bed.shipped());

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().round().quarantined()).containsOnlyKeys(victim);
        assertThat(result.upkeep().failures()).isEmpty();
        assertThat(reason(victim, Mark.NoCompact.FILE_NAME)).contains("edgeship-broken-block");
        assertThat(reason(victim, Mark.NoDownsample.FILE_NAME)).contains("edgeship-broken-block");
        assertThat(bed.bucket.keys(victim + "/"))
                .doesNotContain(victim + "/deletion-mark.json")
                .contains(victim + "/index", victim + "/chunks/000001");
        for (long resolution : new long[] {0, 300_000, 3_600_000}) {
            assertThat(live(ODD, resolution).stream()
                            .filter(block -> !block.meta().id().equals(victim))
                            .flatMap(block -> block.sources().stream()))
                    .containsExactlyInAnyOrder(first, last);
            assertThat(live(GOOD, resolution)).hasSize(1);
        }
        requireNothingToDo();
    }

    /// As Thanos does: what is copied is not looked into, and downsampling leaves out what goes back in time.
    @Test
    void samplesThatGoBackInTimeAreCarriedAlongAndAreInNoAggregate() throws Exception {
        add(block(ODD, 0, regular(0)));
        BlockId odd = add(block(ODD, 1, goingBack(DAY + WINDOW)));
        bed.startOver(bed.shipped());
        List<String> samples = bed.samples(live(ODD, 0));

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().round().quarantined()).isEmpty();
        assertThat(bed.samples(live(ODD, 0))).isEqualTo(samples);
        assertThat(live(ODD, 3_600_000))
                .hasSize(1)
                .allMatch(block -> block.sources().contains(odd));
        requireNothingToDo();
    }

    /// They would have to be put in order, which nobody can who does not know which of them are true.
    @Test
    void samplesThatGoBackInTimeAndWouldHaveToBeMergedWithOthersSetTheirBlockAside() throws Exception {
        BlockId sound = add(block(ODD, 0, TestChunk.of(DAY + STEP / 2, STEP, 1, 2, 3)));
        BlockId odd = add(block(ODD, 1, new TimeRange(DAY, DAY + WINDOW), goingBack(DAY)));
        bed.startOver(bed.shipped());

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().round().quarantined()).containsOnlyKeys(odd);
        assertThat(live(ODD, 0)).hasSize(2);
        assertThat(live(ODD, 300_000))
                .hasSize(1)
                .allMatch(block -> block.sources().equals(List.of(sound)));
        requireNothingToDo();
    }

    private static TestChunk goingBack(long begin) {
        return TestChunk.of(List.of(
                        new Sample(begin, Double.doubleToRawLongBits(1)),
                        new Sample(begin + 2 * STEP, Double.doubleToRawLongBits(2)),
                        new Sample(begin + STEP, Double.doubleToRawLongBits(3))))
                .listedAs(begin, begin + 2 * STEP);
    }

    @Test
    void blocksOfWhichEverythingWasDeletedAreLeftAloneFromThenOn() throws Exception {
        BlockId first = add(deleted(block(ODD, 0, regular(0))));
        BlockId second = add(deleted(block(ODD, 1, regular(1))));
        bed.startOver(bed.shipped());

        Cycle.Result result = bed.cycle();

        assertThat(result.upkeep().failures()).isEmpty();
        for (BlockId id : List.of(first, second)) {
            assertThat(reason(id, Mark.NoCompact.FILE_NAME)).contains("edgeship-nothing-left");
            assertThat(reason(id, Mark.NoDownsample.FILE_NAME)).contains("edgeship-nothing-left");
            assertThat(bed.bucket.keys(id + "/")).doesNotContain(id + "/deletion-mark.json");
        }
        assertThat(live(ODD, 0)).hasSize(2);
        assertThat(live(GOOD, 0)).hasSize(1);
        requireNothingToDo();
    }

    @Test
    void aBlockOfWhichNothingIsLeftDownsampledStaysAndIsNotTriedAgain() throws Exception {
        BlockId stale = add(block(ODD, 0, TestChunk.of(DAY, STEP, StaleMarker.value(), StaleMarker.value())));
        bed.startOver(bed.shipped());

        bed.cycle();

        assertThat(reason(stale, Mark.NoDownsample.FILE_NAME)).contains("edgeship-nothing-left");
        assertThat(bed.bucket.keys(stale + "/"))
                .doesNotContain(stale + "/no-compact-mark.json", stale + "/deletion-mark.json");
        assertThat(live(ODD, 300_000)).isEmpty();
        requireNothingToDo();
    }

    @Test
    void aWindowOfWhichNothingIsLeftDownsampledIsMergedOnceAndNotTriedAgain() throws Exception {
        add(block(ODD, 0, TestChunk.of(DAY, STEP, StaleMarker.value())));
        add(block(ODD, 1, TestChunk.of(DAY + WINDOW, STEP, StaleMarker.value())));
        bed.startOver(bed.shipped());

        bed.cycle();

        List<BucketBlock> merged = live(ODD, 0);
        assertThat(merged).hasSize(1);
        assertThat(reason(merged.getFirst().meta().id(), Mark.NoDownsample.FILE_NAME))
                .contains("edgeship-nothing-left");
        assertThat(live(ODD, 300_000)).isEmpty();
        requireNothingToDo();
    }

    private BlockId add(Path block) throws IOException {
        bed.add(block);
        return BlockId.parse(requireNonNull(block.getFileName()).toString());
    }

    private Path block(String site, int window, TestChunk... chunks) throws IOException {
        long begin = DAY + window * WINDOW;
        return block(site, window, new TimeRange(begin, begin + WINDOW), chunks);
    }

    private Path block(String site, int number, TimeRange range, TestChunk... chunks) throws IOException {
        BlockId id = new BlockId(range.maxTime() << Short.SIZE, ((long) site.hashCode() << 8) | number);
        ThanosMeta thanos = ThanosMeta.of(Map.of("site", site), "edgeship", List.of("000001"), List.of());
        return TestBlock.of(id, range)
                .series(UP, chunks)
                .meta(meta -> new BlockMeta(
                        meta.id(), meta.range(), meta.stats(), meta.compaction(), thanos, meta.original()))
                .write(dir);
    }

    private static TestChunk regular(int window) {
        return TestChunk.of(DAY + window * WINDOW, STEP, 1, 2, 3, 4);
    }

    /// The same block, of which every sample was deleted.
    private static Path deleted(Path block) throws IOException {
        long ref;
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            ref = requireNonNull(reader.cursor().next()).ref();
        }
        TestTombstones.write(block, List.of(new Tombstone(ref, 0, Long.MAX_VALUE)));
        Path file = block.resolve(BlockMeta.FILE_NAME);
        String json = Files.readString(file);
        String stone = "\"numSamples\"";
        assertThat(json).contains(stone);
        Files.writeString(file, json.replace(stone, "\"numTombstones\": 1, " + stone));
        return block;
    }

    private List<BucketBlock> live(String site, long resolutionMillis) throws IOException {
        return bed.live(resolutionMillis).stream()
                .filter(block -> site.equals(block.labels().get("site")))
                .toList();
    }

    private String reason(BlockId block, String mark) {
        return new String(requireNonNull(bed.bucket.bytes(block + "/" + mark), mark), StandardCharsets.UTF_8);
    }

    private void requireNothingToDo() throws Exception {
        bed.later(Duration.ofSeconds(2));
        Cycle.Result again = bed.cycle();
        assertThat(again.upkeep().round().done()).isEmpty();
        assertThat(again.upkeep().round().marked()).isEmpty();
        assertThat(again.upkeep().round().left().plans()).isEmpty();
    }
}
