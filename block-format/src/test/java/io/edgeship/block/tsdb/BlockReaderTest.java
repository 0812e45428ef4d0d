package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// Reads blocks that Prometheus wrote and compares with what promtool says is in them.
class BlockReaderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final List<String> XOR_BLOCKS = List.of("01M83GSE62ARGZ6NS2THBV0E4Q", "01M83GSE5DPDK87AWYMSGXDHS9");

    @Test
    void everyFloatSampleIsTheOneThatPromtoolDumps() throws IOException {
        Map<String, List<String>> expected = promtoolDump();
        Map<String, List<String>> read = new HashMap<>();
        Set<String> withHistograms = new HashSet<>();
        for (String block : XOR_BLOCKS) {
            try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve(block)))) {
                reader.forEachSeries(List.of(), series -> {
                    String labels = series.labels().toString();
                    Set<Encoding> passedOver =
                            series.forEachSample((time, bits) -> read.computeIfAbsent(labels, _ -> new ArrayList<>())
                                    .add(sample(time, Double.longBitsToDouble(bits))));
                    if (!passedOver.isEmpty()) {
                        withHistograms.add(labels);
                    }
                });
            }
        }
        withHistograms.forEach(expected::remove);
        withHistograms.forEach(read::remove);

        assertThat(expected).hasSizeGreaterThan(600);
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void passedOverEncodingsAreNamed() throws IOException {
        Set<Encoding> passedOver = new HashSet<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve("01M83GR348Y4934FR7CE7TVV09")))) {
            reader.forEachSeries(List.of(), series -> passedOver.addAll(series.forEachSample((_, _) -> {})));
        }
        assertThat(passedOver).containsExactlyInAnyOrder(Encoding.XOR2, Encoding.HISTOGRAM);
    }

    @Test
    void matchersSelectSeries() throws IOException {
        List<LabelSet> found = new ArrayList<>();
        try (BlockReader reader = BlockReader.open(BlockFiles.of(GOLDEN.resolve(XOR_BLOCKS.getFirst())))) {
            reader.forEachSeries(Matcher.parse("up{job=\"self\",nope!=\"x\"}"), series -> found.add(series.labels()));
        }
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().get("job")).contains("self");
    }

    private static Map<String, List<String>> promtoolDump() throws IOException {
        Map<String, List<String>> samples = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(GOLDEN.resolve("promtool-dump.txt.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int end = line.lastIndexOf('}');
                String[] value = line.substring(end + 2).split(" ");
                boolean isFloat = value.length == 2 && !value[0].startsWith("{");
                if (isFloat) {
                    double number = Double.parseDouble(value[0].replace("Inf", "Infinity"));
                    samples.computeIfAbsent(line.substring(0, end + 1), _ -> new ArrayList<>())
                            .add(sample(Long.parseLong(value[1]), number));
                }
            }
        }
        samples.values().forEach(list -> list.sort(null));
        return samples;
    }

    private static String sample(long timeMillis, double value) {
        return timeMillis + " " + value;
    }
}
