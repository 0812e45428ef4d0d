package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import io.edgeship.block.tsdb.index.ChunkMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads blocks that Prometheus wrote and compares with what promtool says is in them.
class BlockReaderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final String BLOCK = "01M83GSE62ARGZ6NS2THBV0E4Q";

    @ParameterizedTest
    @CsvSource({
        "01M83GSE62ARGZ6NS2THBV0E4Q, 01M83GSE5DPDK87AWYMSGXDHS9, promtool-dump.txt.gz",
        "01M83GR348Y4934FR7CE7TVV09, 01M83GR33SV16GR47WYFEMG59E, promtool-dump-xor2.txt.gz",
    })
    void everySampleIsTheOneThatPromtoolDumps(String merged, String late, String dump) throws IOException {
        Map<String, List<String>> expected = PromtoolDump.read(GOLDEN.resolve(dump));
        Map<String, List<String>> read = new HashMap<>();
        for (String block : List.of(merged, late)) {
            try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve(block)))) {
                reader.forEachSeries(List.of(), series -> {
                    List<String> samples = read.computeIfAbsent(series.labels().toString(), _ -> new ArrayList<>());
                    for (ChunkMeta chunk : series.chunks()) {
                        PromtoolDump.print(reader.chunk(chunk.ref()).iterator(), samples);
                    }
                });
            }
        }
        read.values().forEach(list -> list.sort(null));
        assertThat(expected).hasSizeGreaterThan(600);
        assertThat(read.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (series, samples) -> assertThat(read.get(series)).as(series).isEqualTo(samples));
    }

    @Test
    void everyStartTimestampIsTheOneThatPrometheusGives() throws IOException {
        Path golden = Path.of("src/test/resources/golden/prometheus-3.14-start-timestamps");
        Map<String, List<String>> expected = PromtoolDump.readWithStarts(golden.resolve("samples.txt.gz"));
        Map<String, List<String>> read = new HashMap<>();
        Set<Encoding> encodings = new HashSet<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(golden.resolve("01M84GAHZ8Q664ZZWZWWTSKWQD")))) {
            reader.forEachSeries(List.of(), series -> {
                List<String> samples = read.computeIfAbsent(series.labels().toString(), _ -> new ArrayList<>());
                for (TimedChunk chunk : series.readChunks()) {
                    encodings.add(chunk.chunk().encoding());
                    PromtoolDump.printWithStarts(chunk.chunk().iterator(), samples);
                }
            });
        }
        assertThat(encodings)
                .containsExactlyInAnyOrder(Encoding.XOR2, Encoding.HISTOGRAM_ST, Encoding.FLOAT_HISTOGRAM_ST);
        read.values().forEach(list -> list.sort(null));
        assertThat(read).isEqualTo(expected).hasSize(29);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSeriesIsFoundByItsReferenceInAnyOrder(int indexVersion, @TempDir Path dir) throws IOException {
        Path block = TestBlocks.sound().indexVersion(indexVersion).write(dir);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            List<BlockReader.Series> all = new ArrayList<>();
            reader.forEachSeries(List.of(), all::add);
            assertThat(all).hasSize(3);
            for (BlockReader.Series series : all.reversed()) {
                BlockReader.Series found = reader.series(series.ref());
                assertThat(found.labels()).isEqualTo(series.labels());
                assertThat(found.chunks()).isEqualTo(series.chunks());
                assertThat(found.ref()).isEqualTo(series.ref());
            }
        }
    }

    @Test
    void passedOverEncodingsAreNamed() throws IOException {
        Set<Encoding> passedOver = new HashSet<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve("01M83GR348Y4934FR7CE7TVV09")))) {
            reader.forEachSeries(List.of(), series -> passedOver.addAll(series.forEachSample((_, _) -> {})));
        }
        assertThat(passedOver).containsExactly(Encoding.HISTOGRAM);
    }

    @Test
    void matchersSelectSeries() throws IOException {
        List<LabelSet> found = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve(BLOCK)))) {
            reader.forEachSeries(Matcher.parse("up{job=\"self\",nope!=\"x\"}"), series -> found.add(series.labels()));
        }
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().get("job")).contains("self");
    }
}
