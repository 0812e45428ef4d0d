package io.edgeship.block.openmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.BlockReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenMetricsImportTest {
    @TempDir
    private Path dir;

    @Test
    void eachTwoHoursBecomeABlock() throws IOException {
        List<Path> blocks = run("b 1 7200\na 2 0\na 3 7199.999\nb 4 14400\n# EOF\n", Map.of("site", "x"));

        assertThat(blocks).hasSize(3);
        assertThat(samples(blocks)).containsExactly("a 0", "a 7199999", "b 7200000", "b 14400000");
        assertThat(Files.readString(blocks.getFirst().resolve("meta.json"))).contains("\"site\": \"x\"");
    }

    @Test
    void withoutExternalLabelsThereIsNoThanosSection() throws IOException {
        Path block = run("b 1 7200\n# EOF\n", Map.of()).getFirst();
        assertThat(BlockMeta.read(block.resolve("meta.json")).thanos()).isNull();
    }

    /// More windows than are held at once: the file is read several times.
    @Test
    void manyBlocksAreMadeInSeveralPasses() throws IOException {
        StringBuilder text = new StringBuilder();
        int perWindow = 300;
        int windows = (int) (2 * OpenMetricsImport.SAMPLES_AT_ONCE / perWindow / 100);
        for (int window = 0; window < windows; window++) {
            for (int i = 0; i < perWindow; i++) {
                text.append("a{i=\"")
                        .append(i % 3)
                        .append("\"} ")
                        .append(i)
                        .append(' ')
                        .append(window * 7200 + i)
                        .append('\n');
            }
        }
        List<Path> blocks = run(text.append("# EOF\n").toString(), Map.of());
        assertThat(blocks).hasSize(windows);
        assertThat(samples(blocks)).hasSize(windows * perWindow);
    }

    @Test
    void samplesOfASeriesThatGoBackInTimeAreAnErrorThatNamesTheLine() {
        assertThatThrownBy(() -> run("a 1 20\nb 1 5\na 1 10\n# EOF\n", Map.of()))
                .hasMessageContaining("line 3: {__name__=\"a\"} has a sample at 10000 after one at 20000");
        assertThat(dir.resolve("out")).isEmptyDirectory();
    }

    @Test
    void aFileWithoutSamplesMakesNoBlock() throws IOException {
        assertThat(run("# EOF\n", Map.of())).isEmpty();
    }

    private List<Path> run(String text, Map<String, String> labels) throws IOException {
        Path file = Files.writeString(dir.resolve("in.om"), text);
        return OpenMetricsImport.run(file, Files.createDirectories(dir.resolve("out")), labels, _ -> {});
    }

    private static List<String> samples(List<Path> blocks) throws IOException {
        List<String> samples = new ArrayList<>();
        for (Path block : blocks) {
            try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
                reader.forEachSeries(List.of(), series -> {
                    String name = series.labels().get("__name__").orElseThrow();
                    series.forEachSample((time, _) -> samples.add(name + " " + time));
                });
            }
        }
        return samples;
    }
}
