package io.edgeship.block.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.write.BlockSink;
import io.edgeship.block.write.BlockStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DownsamplingThreadTest {
    private static final BlockId FIRST = BlockId.parse("01KB0000000000000000000000");
    private static final BlockId SECOND = BlockId.parse("01KB0000000000000000000001");
    private static final SymbolTable SYMBOLS = SymbolTable.of(List.of("a", "b", "c", "d", "name"));
    private static final TestChunk WHOLE = TestChunk.of(0, 15_000, 1, 2, 3);
    private static final TestChunk CUT_OFF = TestChunk.ofBytes(1, Arrays.copyOf(WHOLE.data(), 12), 0, 30_000);

    /// Of so many that some batches are full before the last.
    private static final TestChunk LARGE = large();

    @Test
    void everySeriesIsWrittenByTheTimeItIsFinished() throws IOException {
        try (BlockStream stream = stream(NoSink::new);
                DownsamplingThread thread = thread(stream)) {
            for (int name = 0; name < 4; name++) {
                thread.add(series(name, LARGE, LARGE));
            }
            thread.finish();

            assertThat(stream.stats().numSeries()).isEqualTo(4);
        }
    }

    @Test
    void aResultThatCannotBeWrittenEndsTheMerge() throws IOException {
        try (BlockStream stream = stream(DownsamplingThreadTest::indexOnly);
                DownsamplingThread thread = thread(stream)) {
            assertThatThrownBy(() -> {
                        for (int name = 0; name < 4; name++) {
                            thread.add(series(name, LARGE, LARGE));
                        }
                        thread.finish();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("no room for chunks/000001");
        }
    }

    @Test
    void aFaultOfTheProgramEndsTheMergeToo() throws IOException {
        try (BlockStream stream = stream(NoSink::new);
                DownsamplingThread thread = thread(stream)) {
            thread.add(series(1, WHOLE, WHOLE));
            thread.add(series(0, WHOLE, WHOLE));

            assertThatThrownBy(thread::finish).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theSourceOfADamagedChunkIsNamedThoughTheMergeWentOn() throws IOException {
        try (BlockStream stream = stream(NoSink::new);
                DownsamplingThread thread = thread(stream)) {
            thread.add(series(0, WHOLE, CUT_OFF));
            thread.add(series(1, WHOLE, WHOLE));

            assertThatThrownBy(thread::finish)
                    .isInstanceOfSatisfying(
                            MergeSourceException.class,
                            e -> assertThat(e.source()).isEqualTo(SECOND));
        }
    }

    @Test
    void nothingIsWrittenOnceItIsClosed() throws IOException {
        try (BlockStream stream = stream(NoSink::new)) {
            DownsamplingThread thread = thread(stream);
            thread.add(series(0, LARGE, LARGE));
            thread.add(series(1, WHOLE, WHOLE)); // waits for a batch to be full
            thread.close();
            long written = stream.stats().numSeries();

            assertThat(written).isLessThan(2);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(it -> it.getName().equals(Thread.currentThread().getName() + "-downsample"));
        }
    }

    private static DownsamplingThread thread(BlockStream stream) {
        return new DownsamplingThread(new CoarserResults(List.of(new MergeOutput(300_000, stream)), 0), true);
    }

    private static BlockStream stream(BlockSink sink) throws IOException {
        return BlockStream.begin(sink, IndexDialect.SINCE_3_7, SYMBOLS);
    }

    private static NoSink indexOnly(String path) throws IOException {
        if (!path.equals("index")) {
            throw new IOException("no room for " + path);
        }
        return new NoSink(path);
    }

    private static MergedSeries series(int name, TestChunk first, TestChunk second) {
        List<TimedChunk> chunks = List.of(timed(first), timed(second));
        return new MergedSeries(new int[] {4, name}, chunks, List.of(part(FIRST, first), part(SECOND, second)));
    }

    private static SourceSeries part(BlockId source, TestChunk chunk) {
        return new SourceSeries(source, new ChunkRef(0, 8), 32, List.of(timed(chunk)));
    }

    private static TimedChunk timed(TestChunk chunk) {
        return new TimedChunk(chunk.minTime(), chunk.maxTime(), new Chunk(chunk.encoding(), chunk.data()));
    }

    private static TestChunk large() {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            values.add(Math.sqrt(i));
        }
        return TestChunk.of(
                0, 15_000, values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
