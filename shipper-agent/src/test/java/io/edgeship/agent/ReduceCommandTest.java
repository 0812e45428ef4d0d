package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.json.JsonObject;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `reduce --dry-run` as a user types it, on blocks of a real Prometheus.
class ReduceCommandTest extends TypedCommands {

    @BeforeEach
    void configure() throws IOException {
        configure("");
    }

    private void configure(String reduce) throws IOException {
        Files.writeString(config, """
                site: it
                sources:
                - type: prometheus
                  path: data
                %sobjstore: {config: {type: FILESYSTEM, config: {directory: bucket}}}
                """.formatted(reduce));
    }

    @Test
    void withoutRulesTheLargestMetricsAreShown() throws IOException {
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=100,days=1,step=15m");
        SyntheticBlocks.write(spec, 0, data.dir(), _ -> {});
        assertThat(run("reduce", "--dry-run", "--top", "3")).isZero();
        List<String> lines = printed().lines().toList();
        assertThat(lines.getFirst()).contains("12 block(s)", "2026-01-01T", " to ");
        assertThat(lines.get(2)).contains("series", "samples", "bytes", "share", "metric");
        assertThat(lines.get(6)).endsWith("more metrics)");
        assertThat(lines.get(7)).contains("(all ");
        assertThat(printed()).contains("No reduce.relabel rules are configured", "Not counted: ");
        assertThat(data.dir().resolve("edgeship-spool")).doesNotExist();
    }

    @Test
    void withRulesTheSavingsAreShownAndWhatIsNotCounted() throws IOException {
        data.cut(A, B);
        configure("""
                  reduce:
                    relabel: [{action: keep, source_labels: [__name__], regex: up}]
                    round: 6
                    resolution: 5m
                """);
        assertThat(run("reduce", "--dry-run")).isZero();
        assertThat(printed()).contains("2 block(s)", "saved", "of all");
        assertThat(printed()).contains("Not counted: what reduce.round saves.", "what reduce.resolution saves.");
    }

    @Test
    void asJsonEveryNumberIsThere() throws IOException {
        data.cut(A, B);
        configure("  reduce: {relabel: [{action: keep, source_labels: [__name__], regex: 'no such metric'}]}\n");
        assertThat(run("reduce", "--dry-run", "--json", A.toString())).isZero();
        JsonObject source = JsonObject.parse("out", printed().getBytes(StandardCharsets.UTF_8))
                .objects("sources")
                .getFirst();
        JsonObject total = source.object("total");
        BlockMeta meta = BlockMeta.read(data.dir().resolve(A.toString()).resolve("meta.json"));
        assertThat(source.integer("blocks", 0)).isEqualTo(1);
        assertThat(total.object("before").integer("series", 0))
                .isEqualTo(meta.stats().numSeries());
        assertThat(total.object("before").integer("samples", 0))
                .isEqualTo(meta.stats().numSamples());
        assertThat(total.object("after").integer("series", -1)).isZero();
        assertThat(total.object("after").integer("chunk_bytes", -1)).isZero();
        assertThat(source.objects("metrics")).isNotEmpty();
    }

    @Test
    void theNewestBlocksAreReadAndABlockThatIsBrokenIsNamedAndLeftOut() throws IOException {
        data.cut(A, B);
        assertThat(run("reduce", "--dry-run", "--blocks", "1")).isZero();
        assertThat(printed()).contains("1 block(s)");
        Path index = data.dir().resolve(A.toString()).resolve("index");
        Files.write(index, Arrays.copyOf(Files.readAllBytes(index), 100)); // without its table of contents
        assertThat(run("reduce", "--dry-run")).isEqualTo(1);
        assertThat(printed()).contains("1 block(s)");
        assertThat(errors()).contains(A.toString(), "left out");
    }

    @Test
    void whatIsAskedForWronglyIsSaid() throws IOException {
        assertThat(run("reduce")).isEqualTo(2);
        assertThat(errors()).contains("--dry-run", "seals");
        assertThat(run("reduce", "--dry-run", "--top", "0")).isEqualTo(2);
        assertThat(run("reduce", "--dry-run", "--blocks", "many")).isEqualTo(2);
        assertThat(run("reduce", "--dry-run", "x")).isEqualTo(2);
        assertThat(run("reduce", "--dry-run")).as("no block yet").isZero();
        assertThat(printed()).contains("no block to read");
        assertThat(run("reduce", "--dry-run", A.toString())).isEqualTo(1);
        assertThat(errors()).contains(A + " is no block");
    }
}
