package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.ship.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `reduce --dry-run` as a user types it, on blocks of a real Prometheus.
class ReduceCommandTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");

    @TempDir
    private Path dir;

    private DataDirectory data;
    private Path config;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void create() throws IOException {
        data = DataDirectory.create(dir.resolve("data"));
        config = dir.resolve("agent.yaml");
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
        assertThat(run("--dry-run", "--top", "3")).isZero();
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
        assertThat(run("--dry-run")).isZero();
        assertThat(printed()).contains("2 block(s)", "saved", "of all");
        assertThat(printed()).contains("Not counted: what reduce.round saves.", "what reduce.resolution saves.");
    }

    @Test
    void asJsonEveryNumberIsThere() throws IOException {
        data.cut(A, B);
        configure("  reduce: {relabel: [{action: keep, source_labels: [__name__], regex: 'no such metric'}]}\n");
        assertThat(run("--dry-run", "--json", A.toString())).isZero();
        JsonObject source =
                JsonObject.parse("out", out.toByteArray()).objects("sources").getFirst();
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
        assertThat(run("--dry-run", "--blocks", "1")).isZero();
        assertThat(printed()).contains("1 block(s)");
        Path index = data.dir().resolve(A.toString()).resolve("index");
        Files.write(index, Arrays.copyOf(Files.readAllBytes(index), 100)); // without its table of contents
        assertThat(run("--dry-run")).isEqualTo(1);
        assertThat(printed()).contains("1 block(s)");
        assertThat(errors()).contains(A.toString(), "left out");
    }

    @Test
    void whatIsAskedForWronglyIsSaid() throws IOException {
        assertThat(run()).isEqualTo(2);
        assertThat(errors()).contains("--dry-run", "seals");
        assertThat(run("--dry-run", "--top", "0")).isEqualTo(2);
        assertThat(run("--dry-run", "--blocks", "many")).isEqualTo(2);
        assertThat(run("--dry-run", "x")).isEqualTo(2);
        assertThat(run("--dry-run")).as("no block yet").isZero();
        assertThat(printed()).contains("no block to read");
        assertThat(run("--dry-run", A.toString())).isEqualTo(1);
        assertThat(errors()).contains(A + " is no block");
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        String[] all = Arrays.copyOf(words, words.length + 3);
        all[words.length] = "--config";
        all[words.length + 1] = config.toString();
        System.arraycopy(all, 0, all, 1, all.length - 1);
        all[0] = "reduce";
        return Commands.run(AgentMain.COMMANDS, all, new Terminal(stream(out), stream(err), false));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
