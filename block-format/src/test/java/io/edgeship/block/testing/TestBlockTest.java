package io.edgeship.block.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.BlockReader.Sample;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.index.ChunkMeta;
import io.edgeship.block.tsdb.index.Symbols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A block that Prometheus wrote is read, decoded, described, encoded and written again: every byte must come back.
class TestBlockTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"01M83GSE62ARGZ6NS2THBV0E4Q", "01M83GSE5DPDK87AWYMSGXDHS9", "01M83GR348Y4934FR7CE7TVV09"})
    void writesTheVeryBytesThatPrometheusWrote(String block) throws IOException {
        Path golden = GOLDEN.resolve(block);
        BlockMeta meta = BlockMeta.read(golden.resolve(BlockMeta.FILE_NAME));
        TestBlock description = TestBlock.of(meta.id(), meta.range());
        int encoded = 0;
        try (BlockReader reader = BlockReader.open(BlockFiles.of(golden))) {
            Symbols symbols = reader.index().symbols();
            for (long i = 0; i < symbols.count(); i++) {
                description.symbols(List.of(symbols.get(i)));
            }
            List<TestChunk> all = new ArrayList<>();
            reader.forEachSeries(List.of(), series -> {
                List<TestChunk> chunks = new ArrayList<>();
                for (ChunkMeta listed : series.chunks()) {
                    chunks.add(again(reader.chunk(listed.ref()), listed));
                }
                description.series(series.labels(), chunks);
                all.addAll(chunks);
            });
            encoded = all.size();
        }

        Path written = description.write(dir);

        assertThat(encoded).isPositive();
        assertThat(written.resolve("chunks/000001")).hasSameBinaryContentAs(golden.resolve("chunks/000001"));
        assertThat(written.resolve("index")).hasSameBinaryContentAs(golden.resolve("index"));
        assertThat(BlockMeta.read(written.resolve(BlockMeta.FILE_NAME)).stats()).isEqualTo(meta.stats());
    }

    private static TestChunk again(Chunk chunk, ChunkMeta listed) throws IOException {
        if (chunk.encoding() != Encoding.XOR) {
            return TestChunk.ofBytes(chunk.encodingCode(), chunk.data(), listed.minTime(), listed.maxTime());
        }
        List<Sample> samples = new ArrayList<>();
        FloatIterator floats = chunk.floats();
        while (floats.next()) {
            samples.add(new Sample(floats.timeMillis(), floats.valueBits()));
        }
        return TestChunk.of(samples);
    }
}
