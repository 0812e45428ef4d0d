package io.edgeship.block.merge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.Flaw;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.BlockReader.Sample;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockMergeTest {
    private static final BlockId FIRST = BlockId.parse("01KB0000000000000000000000");
    private static final BlockId SECOND = BlockId.parse("01KB0000000000000000000001");
    private static final TimeRange TWO_HOURS = new TimeRange(0, 7_200_000);
    private static final TimeRange NEXT_TWO_HOURS = new TimeRange(7_200_000, 14_400_000);
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");
    private static final LabelSet DOWN = LabelSet.ofSorted("__name__", "down");
    private static final List<Long> ALL = List.of(0L, 300_000L, 3_600_000L);

    @TempDir
    private Path dir;

    @Test
    void chunksThatNothingOverlapsAreCopiedUntouched() throws IOException {
        TestChunk early = TestChunk.of(0, 15_000, 1, 2, 3);
        TestChunk late = TestChunk.of(7_200_000, 15_000, 4, 5, 6);
        Path first = first().series(UP, early).write(dir);
        Path second = second().series(UP, late).series(DOWN, late).write(dir);

        merge(List.of(second, first), List.of(0L));

        assertThat(series("raw")).containsExactly("down", "up");
        List<TimedChunk> chunks = chunks("raw", "up");
        assertThat(chunks).hasSize(2);
        assertThat(chunks.getFirst().chunk().data()).isEqualTo(early.data());
        assertThat(chunks.getLast().chunk().data()).isEqualTo(late.data());
    }

    @Test
    void aSeriesOfWhichNothingIsLeftDownsampledHasNoPlaceThere() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, Double.NaN, Double.NaN))
                .series(DOWN, TestChunk.of(0, 15_000, 1, 2))
                .write(dir);

        merge(List.of(first), ALL);

        assertThat(series("raw")).containsExactly("down", "up");
        assertThat(series("5m")).containsExactly("down");
        assertThat(series("1h")).containsExactly("down");
    }

    @Test
    void deletedSamplesAreLeftOutOfEveryResult() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1, 2, 3)).write(dir);
        long ref;
        try (BlockReader reader = BlockReader.open(BlockFiles.of(first))) {
            ref = requireNonNull(reader.cursor().next()).ref();
        }
        TestTombstones.write(first, List.of(new Tombstone(ref, 0, 15_000)));

        MergeCounts counts = merge(List.of(first), ALL);

        assertThat(counts.deletedSamples()).isEqualTo(2);
        assertThat(counts.floatSamples()).isEqualTo(1);
        assertThat(chunks("raw", "up").getFirst().minTime()).isEqualTo(30_000);
        assertThat(chunks("5m", "up")).hasSize(1);
    }

    @Test
    void anUnknownEncodingIsCarriedAlong() throws IOException {
        TestChunk unknown = TestChunk.ofBytes(99, new byte[] {0, 1, 2, 3}, 0, 15_000);
        Path first = first().series(UP, unknown).write(dir);
        Path second = second().series(UP, TestChunk.of(7_200_000, 15_000, 1)).write(dir);

        MergeCounts counts = merge(List.of(first, second), List.of(0L));

        assertThat(counts.unknownChunks()).isEqualTo(1);
        assertThat(chunks("raw", "up").getFirst().chunk().encodingCode()).isEqualTo(99);
    }

    @Test
    void anUnknownEncodingThatMustBeTakenApartNamesItsBlock() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        TestChunk unknown = TestChunk.ofBytes(99, new byte[] {0, 1, 2, 3}, 7_200_000, 7_215_000);
        Path second = second().series(UP, unknown).write(dir);

        assertBlamed(SECOND, "encoding 99", List.of(first, second), List.of(300_000L));
    }

    @Test
    void aWrongChecksumNamesItsBlock() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        Path second = second().series(UP, TestChunk.of(7_200_000, 15_000, 1)).write(dir);
        Path segment = second.resolve("chunks/000001");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 5]++;
        Files.write(segment, bytes);

        assertBlamed(SECOND, "crc32c of chunk", List.of(first, second), List.of(0L));
    }

    @Test
    void samplesThatCannotBeReadNameTheirBlock() throws IOException {
        byte[] sound = TestChunk.of(7_200_000, 15_000, 1, 2, 3).data();
        TestChunk cut = TestChunk.ofBytes(1, Arrays.copyOf(sound, 12), 7_200_000, 7_230_000);
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        Path second = second().series(UP, cut).write(dir);

        assertBlamed(SECOND, "chunks of the series", List.of(first, second), ALL);
    }

    @Test
    void samplesOutsideOfWhatTheIndexSaysNameTheirBlock() throws IOException {
        byte[] later = TestChunk.of(7_300_000, 15_000, 1, 2, 3).data();
        TestChunk displaced = TestChunk.ofBytes(1, later, 7_200_000, 7_230_000);
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        Path second = second().series(UP, displaced).write(dir);

        assertBlamed(SECOND, "7300000", List.of(first, second), ALL);
    }

    @Test
    void samplesThatGoBackInTimeNameTheirBlockWhereTheyWouldHaveToBeMerged() throws IOException {
        List<Sample> back = List.of(new Sample(0, 1), new Sample(30_000, 2), new Sample(15_000, 3));
        Path sound = first().series(UP, TestChunk.of(5_000, 15_000, 1, 2)).write(dir);
        Path odd = TestBlock.of(SECOND, TWO_HOURS)
                .series(UP, TestChunk.of(back).listedAs(0, 30_000))
                .write(dir);

        assertBlamed(SECOND, "out of order", List.of(sound, odd), List.of(0L));
    }

    @Test
    void aChunkOutsideOfTheBlockNamesItsBlock() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        Path second = second().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);

        assertBlamed(SECOND, "outside of the block", List.of(first, second), List.of(0L));
    }

    @Test
    void seriesOutOfOrderNameTheirBlock() throws IOException {
        Path first = first().series(UP, TestChunk.of(0, 15_000, 1)).write(dir);
        TestChunk chunk = TestChunk.of(7_200_000, 15_000, 1);
        Path second = second().with(Flaw.SERIES_UNSORTED)
                .series(UP, chunk)
                .series(DOWN, chunk)
                .write(dir);

        assertBlamed(SECOND, "out of order", List.of(first, second), List.of(0L));
    }

    @Test
    void anIndexOfVersionOneIsReadToo() throws IOException {
        Path first = first().indexVersion(1)
                .series(UP, TestChunk.of(0, 15_000, 1))
                .series(DOWN, TestChunk.of(0, 15_000, 1))
                .write(dir);
        Path second = second().series(UP, TestChunk.of(7_200_000, 15_000, 1)).write(dir);

        merge(List.of(first, second), List.of(0L));

        assertThat(series("raw")).containsExactly("down", "up");
        assertThat(chunks("raw", "up")).hasSize(2);
    }

    private static TestBlock first() {
        return TestBlock.of(FIRST, TWO_HOURS);
    }

    private static TestBlock second() {
        return TestBlock.of(SECOND, NEXT_TWO_HOURS);
    }

    private MergeCounts merge(List<Path> sources, List<Long> resolutions) throws IOException {
        return Merges.merge(dir.resolve("out"), new OneToOneMerger(), sources, resolutions);
    }

    private void assertBlamed(BlockId source, String why, List<Path> sources, List<Long> resolutions) {
        assertThatThrownBy(() -> merge(sources, resolutions))
                .isInstanceOfSatisfying(
                        MergeSourceException.class, e -> assertThat(e.source()).isEqualTo(source))
                .hasMessageContaining(why);
    }

    private List<String> series(String result) throws IOException {
        List<String> names = new ArrayList<>();
        try (BlockReader reader =
                BlockReader.open(BlockFiles.of(dir.resolve("out").resolve(result)))) {
            reader.forEachSeries(
                    List.of(), one -> names.add(one.labels().get("__name__").orElseThrow()));
        }
        return names;
    }

    private List<TimedChunk> chunks(String result, String name) throws IOException {
        List<TimedChunk> chunks = new ArrayList<>();
        try (BlockReader reader =
                BlockReader.open(BlockFiles.of(dir.resolve("out").resolve(result)))) {
            reader.forEachSeries(List.of(), one -> {
                if (one.labels().get("__name__").orElseThrow().equals(name)) {
                    chunks.addAll(one.readChunks());
                }
            });
        }
        return chunks;
    }
}
