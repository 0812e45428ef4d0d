package io.edgeship.block.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.tsdb.tombstones.Tombstones;
import io.edgeship.block.write.BlockStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a merge takes, measured, is within what it was said to take, and not far below.
class MergeMemoryTest {
    private static final int SERIES = 10_000;
    private static final int SOURCES = 4;
    private static final int SAMPLES = 4;

    @TempDir
    private Path dir;

    private long indexBytes;
    private long before;
    private long most;

    @Test
    void aMergeKeepsToWhatWasReckoned() throws IOException {
        List<Path> blocks = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            blocks.add(block(i));
            indexBytes = Math.max(indexBytes, Files.size(blocks.getLast().resolve("index")));
        }
        before = usedBytes();
        merge(blocks);
        long bound = BlockMerge.memoryBytesMax(indexBytes, SOURCES, 3, 1 << 10, 24L * SAMPLES * SOURCES);
        assertThat(most - before).isBetween(bound / 8, bound);
    }

    private Path block(int number) throws IOException {
        long begin = number * 7_200_000L;
        TestBlock block = TestBlock.of(new BlockId(begin + 1, number), new TimeRange(begin, begin + 7_200_000));
        TestChunk chunk = TestChunk.of(begin, 15_000, 1, 2, 3, 4);
        for (int i = 0; i < SERIES; i++) {
            block.series(
                    LabelSet.ofSorted("__name__", "requests_total", "path", "/a/%06d".formatted(i), "site", "s"),
                    chunk);
        }
        return block.write(dir);
    }

    private void merge(List<Path> blocks) throws IOException {
        List<MergeSource> sources = new ArrayList<>();
        try {
            for (int i = 0; i < blocks.size(); i++) {
                BlockReader reader = BlockReader.open(BlockFiles.of(blocks.get(i)));
                TimeRange range = new TimeRange(i * 7_200_000L, (i + 1) * 7_200_000L);
                Tombstones tombstones = Tombstones.read(blocks.get(i));
                sources.add(new MergeSource(new BlockId(i, i), range, reader, tombstones));
            }
            BlockMerge.merge(sources, 0, new OneToOneMerger(), true, MergeMemoryTest::open, done -> {
                if (done == SERIES / 2 || done == SERIES) {
                    most = Math.max(most, usedBytes());
                }
            });
        } finally {
            for (MergeSource source : sources) {
                source.reader().close();
            }
        }
    }

    private static List<MergeOutput> open(SymbolTable symbols) throws IOException {
        List<MergeOutput> outputs = new ArrayList<>();
        for (long resolution : List.of(0L, 300_000L, 3_600_000L)) {
            outputs.add(new MergeOutput(resolution, BlockStream.begin(NoSink::new, IndexDialect.SINCE_3_7, symbols)));
        }
        return outputs;
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
