package io.edgeship.block.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockWriterTest {
    private static final BlockId ID = BlockId.parse("01KB0000000000000000000000");
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");
    private static final LabelSet UQ = LabelSet.ofSorted("__name__", "uq");
    private static final List<String> SYMBOLS = List.of("__name__", "up", "uq");

    @TempDir
    private Path parent;

    @Test
    void aFinishedBlockIsSoundAndHoldsWhatWasGiven() throws IOException {
        Path dir;
        try (BlockWriter writer = writer()) {
            writer.series(UP, List.of(chunk(0, 1), chunk(30_000, 2)));
            writer.series(UQ, List.of(chunk(15_000, 3)));
            dir = writer.finish(BlockMeta.of(ID, writer.samples(), writer.stats()));
        }
        assertThat(dir).isEqualTo(parent.resolve(ID.toString()));
        assertThat(BlockVerifier.verify(dir)).isInstanceOf(Verdict.Sound.class);
        BlockMeta meta = BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
        assertThat(meta.stats()).isEqualTo(new BlockMeta.Stats(6, 6, 0, 2, 3, 0));
        assertThat(meta.range().maxTime()).isEqualTo(31_001);
        assertThat(samples(dir)).containsExactly("up 0", "up 1000", "up 30000", "up 31000", "uq 15000", "uq 16000");
    }

    @Test
    void aWriterThatIsClosedBeforeTheEndLeavesNothing() throws IOException {
        try (BlockWriter writer = writer()) {
            writer.series(UP, List.of(chunk(0, 1)));
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aBlockThatBreaksARuleGetsNoName() throws IOException {
        try (BlockWriter writer = writer()) {
            writer.series(UP, List.of(chunk(30_000, 1), chunk(0, 1)));
            BlockMeta meta = BlockMeta.of(ID, writer.samples(), writer.stats());
            assertThatThrownBy(() -> writer.finish(meta))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is not written");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatAKilledWriterLeftIsNoObstacle() throws IOException {
        Path left = parent.resolve(ID + ".tmp-for-creation");
        Files.createDirectories(left.resolve("chunks"));
        Files.writeString(left.resolve("chunks/000001"), "half");
        Files.writeString(left.resolve("index"), "half");
        try (BlockWriter writer = writer()) {
            writer.series(UP, List.of(chunk(0, 1)));
            writer.finish(BlockMeta.of(ID, writer.samples(), writer.stats()));
        }
        assertThat(parent.resolve(ID.toString())).isDirectory();
    }

    @Test
    void aBlockThatIsThereIsNotWrittenAgain() throws IOException {
        Files.createDirectory(parent.resolve(ID.toString()));
        assertThatThrownBy(this::writer).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aSeriesWithoutChunksIsRefused() throws IOException {
        try (BlockWriter writer = writer()) {
            assertThatThrownBy(() -> writer.series(UP, List.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private BlockWriter writer() throws IOException {
        return BlockWriter.create(parent, ID, IndexDialect.SINCE_3_7, SYMBOLS);
    }

    private static TimedChunk chunk(long minTime, double value) {
        XorAppender appender = new XorAppender();
        appender.append(0, minTime, Double.doubleToRawLongBits(value));
        appender.append(0, minTime + 1000, StaleMarker.BITS);
        return new TimedChunk(minTime, minTime + 1000, new Chunk(1, appender.toBytes(BitDialect.SINCE_3_0)));
    }

    private static List<String> samples(Path dir) throws IOException {
        List<String> samples = new ArrayList<>();
        try (BlockReader block = BlockReader.open(BlockFiles.of(dir))) {
            block.forEachSeries(List.of(), series -> {
                String name = series.labels().get("__name__").orElseThrow();
                series.forEachSample((time, _) -> samples.add(name + " " + time));
            });
        }
        return samples;
    }
}
