package io.edgeship.ship.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgeship.block.relabel.RelabelAction;
import io.edgeship.block.relabel.RelabelRule;
import io.edgeship.block.relabel.Relabeling;
import io.edgeship.block.rewrite.BlockRewriter;
import io.edgeship.block.rewrite.RewrittenBlock;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavingsMeterTest {
    private static final int SERIES = 1200;
    private static final long SEGMENT_HEADER_BYTES = 8;

    @TempDir
    private static Path dir;

    private static Path block = Path.of("");

    @BeforeAll
    static void write() throws IOException {
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=" + SERIES + ",days=1,step=60s,seed=6");
        block = SyntheticBlocks.write(spec, 0, dir, _ -> {}).getFirst();
    }

    @Test
    void withoutRulesEverySeriesStaysAndEveryByteIsAccountedFor() throws IOException {
        SavingsReport report = measure(Relabeling.NONE);
        BlockMeta.Stats stats = meta(block).stats();

        assertThat(report.total().before()).isEqualTo(report.total().after());
        assertThat(report.total().before().series()).isEqualTo(stats.numSeries());
        assertThat(report.total().before().samples()).isEqualTo(stats.numSamples());
        assertThat(report.total().before().chunkBytes()).isEqualTo(chunkBytes(block));
        assertThat(report.blockBytes())
                .isEqualTo(chunkBytes(block) + SEGMENT_HEADER_BYTES + Files.size(block.resolve("index")));
        assertThat(report.sharedBytes()).isBetween(1L, Files.size(block.resolve("index")) / 2);
    }

    /// The block is really written anew, and its chunks are those that were announced, to the byte.
    @Test
    void whatIsDroppedIsWhatTheRewrittenBlockLacks() throws IOException {
        Relabeling rules = Relabeling.of(
                List.of(rule(RelabelAction.DROP, "http_seconds_bucket|app_requests_total|sensor.*", "__name__")));
        SavingsReport report = measure(rules);
        Path rewritten = rewrite(rules);
        BlockMeta.Stats stats = meta(rewritten).stats();

        assertThat(report.total().after().series()).isEqualTo(stats.numSeries()).isBetween(1L, SERIES - 500L);
        assertThat(report.total().after().samples()).isEqualTo(stats.numSamples());
        assertThat(report.total().after().chunkBytes()).isEqualTo(chunkBytes(rewritten));
        assertThat(report.metrics())
                .hasEntrySatisfying(
                        "app_requests_total",
                        saving -> assertThat(saving.after()).isEqualTo(Share.NONE));
        assertThat(report.largestFirst().getFirst().getValue().bytesSaved()).isPositive();
        long smaller = Files.size(block.resolve("index")) - Files.size(rewritten.resolve("index"));
        long announced =
                report.total().before().indexBytes() - report.total().after().indexBytes();
        assertThat(announced)
                .as("of %d bytes that the index has less; the rest is shared", smaller)
                .isBetween(smaller * 6 / 10, smaller);
    }

    @Test
    void aLabelThatGoesMakesTheIndexSmallerAndNoChunk() throws IOException {
        Relabeling rules = Relabeling.of(List.of(rule(RelabelAction.LABELDROP, "instance|job")));
        SavingsReport report = measure(rules);
        Path rewritten = rewrite(rules);

        assertThat(report.merging()).isZero();
        assertThat(report.total().after().chunkBytes()).isEqualTo(chunkBytes(rewritten));
        long after = measure(Relabeling.NONE, rewritten).total().before().indexBytes();
        assertThat((double) report.total().after().indexBytes())
                .isCloseTo((double) after, within(0.02 * (double) after));
    }

    @Test
    void seriesThatBecomeOneAreCounted() throws IOException {
        SavingsReport report = measure(Relabeling.of(List.of(rule(RelabelAction.LABELKEEP, "__name__|le"))));
        Path rewritten = rewrite(Relabeling.of(List.of(rule(RelabelAction.LABELKEEP, "__name__|le"))));

        assertThat(report.total().after().series() - report.merging())
                .isEqualTo(meta(rewritten).stats().numSeries());
        assertThat(report.merging()).isGreaterThan(SERIES / 2);
    }

    @Test
    void severalBlocksAddUp() throws IOException {
        SavingsReport one = measure(Relabeling.NONE);
        SavingsReport two = one.plus(one);

        assertThat(two.blocks()).isEqualTo(2);
        assertThat(two.blockBytes()).isEqualTo(2 * one.blockBytes());
        assertThat(two.total().before().samples())
                .isEqualTo(2 * one.total().before().samples());
        assertThat(two.sharedBytes()).isEqualTo(2 * one.sharedBytes());
    }

    private static RelabelRule rule(RelabelAction action, String regex, String... sources) {
        return new RelabelRule(action, List.of(sources), ";", regex, 0, "", "$1");
    }

    private static SavingsReport measure(Relabeling rules) throws IOException {
        return measure(rules, block);
    }

    private static SavingsReport measure(Relabeling rules, Path of) throws IOException {
        return SavingsMeter.of(of, meta(of), rules, _ -> {});
    }

    private static Path rewrite(Relabeling rules) throws IOException {
        Path out = Files.createTempDirectory(dir, "out");
        ReductionConfig config =
                new ReductionConfig(rules, ReductionConfig.NONE.resolution(), ReductionConfig.NONE.significantDigits());
        return BlockRewriter.rewrite(
                        config.order(List.of(block), new TreeMap<>(Map.of("a", "b")), List.of()), out, _ -> {})
                .map(RewrittenBlock::dir)
                .orElseThrow();
    }

    private static BlockMeta meta(Path dir) throws IOException {
        return BlockMeta.read(dir.resolve(BlockMeta.FILE_NAME));
    }

    private static long chunkBytes(Path dir) throws IOException {
        return Files.size(dir.resolve("chunks/000001")) - SEGMENT_HEADER_BYTES;
    }

    @Test
    void aConfigurationOrdersWhatItSays() throws ConfigException {
        String yaml = "reduce: {relabel: [{action: labeldrop, regex: a}], resolution: 5m, round: 3}";
        ReductionConfig config = ReductionConfig.from(
                ConfigFile.parse("agent.yaml", yaml, Map.of()).root());
        var order = config.order(List.of(block), new TreeMap<>(), List.of());

        assertThat(order.relabeling()).isEqualTo(config.relabeling());
        assertThat(order.significantDigits()).hasValue(3);
        assertThat(order.resolution()).isEqualTo(config.resolution()).isPresent();
    }
}
