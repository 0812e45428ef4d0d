package io.edgeship.block.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.testing.TestTombstones;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.tombstones.Tombstone;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscodedBlockTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final BlockId ID = BlockId.parse("01KB0000000000000000000000");
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");

    @TempDir
    private Path out;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD",
                "prometheus-3.14/01M83GR348Y4934FR7CE7TVV09"
            })
    void everyChunkIsReadByThanosAndEverySampleIsThere(String golden) throws IOException {
        Path block = GOLDEN.resolve(golden);

        RewrittenBlock written = transcode(block);

        Verdict verdict = BlockVerifier.verify(written.dir());
        assertThat(verdict).isInstanceOf(Verdict.Sound.class);
        assertThat(((Verdict.Sound) verdict).content().chunksByEncoding().keySet())
                .allMatch(Encoding::readByThanos);
        assertThat(written.counts().of(RewriteCount.STARTS_DROPPED)).isPositive();
        assertThat(BlockDiff.compare(block, written.dir(), true, _ -> {}).differences())
                .isEmpty();
        assertThat(BlockDiff.compare(block, written.dir(), false, _ -> {}).count())
                .isEqualTo(written.counts().of(RewriteCount.STARTS_DROPPED));
    }

    @Test
    void theSameBlockGivesTheSameBytes() throws IOException {
        Path block = GOLDEN.resolve("prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD");
        Path first = transcode(block).dir();
        Path again = transcode(block, Files.createDirectory(out.resolve("again")))
                .orElseThrow()
                .dir();

        assertThat(again.getFileName()).isEqualTo(first.getFileName());
        for (String file : List.of("meta.json", "index", "chunks/000001")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
        assertThatThrownBy(() -> transcode(block)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void theNewMetaSaysWhatWasDoneAndIsItsOwnSource() throws IOException {
        BlockMeta meta = transcode(GOLDEN.resolve("prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD"))
                .meta();

        assertThat(meta.compaction().sources()).containsExactly(meta.id());
        assertThat(new String(meta.toJson(), StandardCharsets.UTF_8))
                .contains("\"rule\": \"rewrite\"")
                .contains("\"01M84GAHZ8Q664ZZWZWWTSKWQD\"")
                .contains("\"float_histogram_st\": 101")
                .contains("\"start_timestamps_dropped\":");
    }

    @Test
    void aBlockOfAHigherLevelKeepsItsSources() throws IOException {
        BlockMeta meta = transcode(GOLDEN.resolve("prometheus-3.14/01M83GR348Y4934FR7CE7TVV09"))
                .meta();
        assertThat(meta.compaction().level()).isEqualTo(2);
        assertThat(meta.compaction().sources()).hasSize(2).doesNotContain(meta.id());
    }

    @Test
    void unknownEncodingsAreCarriedUntouchedAndCounted() throws IOException {
        TestChunk unknown = TestChunk.ofBytes(77, new byte[] {1, 2, 3}, 5000, 6000);
        Path block = block(TestChunk.of(0, 1000, 1, 2), unknown);

        RewrittenBlock written = transcode(block);

        assertThat(written.counts().of(RewriteCount.UNKNOWN_CHUNKS)).isEqualTo(1);
        assertThat(BlockDiff.compare(block, written.dir(), false, _ -> {}).count())
                .isZero();
    }

    @Test
    void deletedSamplesAreGone() throws IOException {
        Path block = block(TestChunk.of(0, 1000, 1, 2, 3), TestChunk.of(5000, 1000, 4, 5), TestChunk.of(9000, 1000, 6));
        tombstones(block, 1000, 5999);

        RewrittenBlock written = transcode(block);

        assertThat(written.counts()).isEqualTo(new RewriteCounts(Map.of(), Map.of(RewriteCount.DELETED_SAMPLES, 3L)));
        Path expected = TestBlock.of(ID, new TimeRange(0, 7_200_000))
                .series(UP, TestChunk.of(0, 1000, 1), TestChunk.of(6000, 1000, 5), TestChunk.of(9000, 1000, 6))
                .write(Files.createDirectory(out.resolve("expected")));
        assertThat(BlockDiff.compare(expected, written.dir(), false, _ -> {}).differences())
                .isEmpty();
        assertThat(written.dir().resolve("tombstones")).doesNotExist();
    }

    @Test
    void aBlockOfWhichNothingIsLeftIsNotWritten() throws IOException {
        Path block = block(TestChunk.of(0, 1000, 1, 2, 3));
        tombstones(block, Long.MIN_VALUE, Long.MAX_VALUE);

        Path empty = Files.createDirectory(out.resolve("empty"));
        assertThat(transcode(block, empty)).isEmpty();
        assertThat(empty).isEmptyDirectory();
    }

    private static Optional<RewrittenBlock> transcode(Path block, Path out) throws IOException {
        return BlockRewriter.rewrite(RewriteOrder.of(List.of(block), new TreeMap<>()), out, _ -> {});
    }

    private RewrittenBlock transcode(Path block) throws IOException {
        return transcode(block, out).orElseThrow();
    }

    private Path block(TestChunk... chunks) throws IOException {
        return TestBlock.of(ID, new TimeRange(0, 7_200_000))
                .series(UP, chunks)
                .write(Files.createDirectory(out.resolve("in")));
    }

    private static void tombstones(Path block, long minTime, long maxTime) throws IOException {
        long[] ref = new long[1];
        try (var reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(List.of(), series -> ref[0] = series.ref());
        }
        TestTombstones.write(block, List.of(new Tombstone(ref[0], minTime, maxTime)));
    }
}
