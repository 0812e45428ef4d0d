package io.edgeship.block.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.NoSink;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.IndexDialect;
import io.edgeship.block.tsdb.index.SymbolTable;
import io.edgeship.block.write.BlockStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchDownsamplerTest {
    private static final BlockId SOURCE = BlockId.parse("01KB0000000000000000000000");

    @SuppressWarnings("NullAway.Init") // made before each test
    private BlockStream fine;

    @SuppressWarnings("NullAway.Init")
    private BlockStream coarse;

    @SuppressWarnings("NullAway.Init")
    private CoarserResults results;

    @BeforeEach
    void open() throws IOException {
        SymbolTable symbols = SymbolTable.of(List.of("a", "name"));
        fine = BlockStream.begin(NoSink::new, IndexDialect.SINCE_3_7, symbols);
        coarse = BlockStream.begin(NoSink::new, IndexDialect.SINCE_3_7, symbols);
        results = new CoarserResults(List.of(new MergeOutput(300_000, fine), new MergeOutput(3_600_000, coarse)), 0);
    }

    @AfterEach
    void close() throws IOException {
        fine.close();
        coarse.close();
    }

    @Test
    void whatComesOfASeriesIsTheSameWhoeverMakesIt() throws Exception {
        Random random = new Random(5);
        try (BatchDownsampler downsampler = new BatchDownsampler(results, true, () -> false)) {
            for (int round = 0; round < 20; round++) {
                List<MergedSeries> batch = new ArrayList<>();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    batch.add(series(floats(random, 1 + random.nextInt(400))));
                }

                List<List<List<TimedChunk>>> made = downsampler.of(batch);

                Coarsener alone = results.newCoarsener();
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(bytes(made.get(i)))
                            .as("seed 5, round %d, series %d", round, i)
                            .isEqualTo(bytes(alone.of(batch.get(i))));
                }
            }
        }
    }

    @Test
    void aDamagedChunkIsFoundInEitherHalf() throws IOException {
        TestChunk whole = TestChunk.of(0, 15_000, 1, 2, 3);
        MergedSeries sound = series(whole);
        MergedSeries damaged = series(TestChunk.ofBytes(1, Arrays.copyOf(whole.data(), 12), 0, 30_000));
        for (int at = 0; at < 10; at++) {
            List<MergedSeries> batch = new ArrayList<>(Collections.nCopies(10, sound));
            batch.set(at, damaged);
            try (BatchDownsampler downsampler = new BatchDownsampler(results, true, () -> false)) {
                assertThatThrownBy(() -> downsampler.of(batch))
                        .as("series %d", at)
                        .isInstanceOfSatisfying(
                                MergeSourceException.class,
                                e -> assertThat(e.source()).isEqualTo(SOURCE));
            }
        }
    }

    @Test
    void halfOfTheNumbersIsHandedOverAndNoHistogram() {
        MergedSeries numbers = series(floats(new Random(1), 100));
        MergedSeries histogram = series(TestChunk.ofBytes(Encoding.HISTOGRAM.code(), new byte[200], 0, 1));

        assertThat(BatchDownsampler.half(List.of(numbers))).isEqualTo(new BitSet());
        assertThat(BatchDownsampler.half(List.of(histogram, histogram, histogram)))
                .isEqualTo(new BitSet());
        assertThat(BatchDownsampler.half(List.of(numbers, numbers, numbers, numbers)))
                .isEqualTo(BitSet.valueOf(new long[] {0b1100}));
        assertThat(BatchDownsampler.half(List.of(numbers, numbers, histogram)))
                .isEqualTo(BitSet.valueOf(new long[] {0b010}));
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotMade() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<MergedSeries> batch = Collections.nCopies(100, series(floats(new Random(2), 50)));
        try (BatchDownsampler downsampler = new BatchDownsampler(results, true, () -> asked.incrementAndGet() > 10)) {
            assertThat(downsampler.of(batch).stream().filter(chunks -> !chunks.isEmpty()))
                    .hasSizeLessThanOrEqualTo(10);
        }
    }

    private static List<String> bytes(List<List<TimedChunk>> results) {
        return results.stream()
                .flatMap(List::stream)
                .map(timed -> HexFormat.of().formatHex(timed.chunk().data()))
                .toList();
    }

    private static TestChunk floats(Random random, int samples) {
        return TestChunk.of(0, 15_000, random.doubles(samples).toArray());
    }

    private static MergedSeries series(TestChunk chunk) {
        List<TimedChunk> chunks =
                List.of(new TimedChunk(chunk.minTime(), chunk.maxTime(), new Chunk(chunk.encoding(), chunk.data())));
        return new MergedSeries(
                new int[] {1, 0}, chunks, List.of(new SourceSeries(SOURCE, new ChunkRef(0, 8), 32, chunks)));
    }
}
