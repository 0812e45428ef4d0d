package io.edgeship.block.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.StaleMarker;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockReader.Sample;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockCommandsTest {
    private static final LabelSet ODD = LabelSet.ofSorted("__name__", "odd", "path", "a\\b\"c\nd\u0001é");
    private static final long STALE = StaleMarker.BITS;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path dir;

    @Test
    void verifyPrintsALineForASoundBlock() throws IOException {
        Path block = TestBlocks.sound().write(dir);

        assertThat(run("block", "verify", block.toString())).isZero();
        assertThat(out()).isEqualTo("PASS " + block + ": 3 series, 6 chunks, 21 samples\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void verifyNamesRuleFileAndOffsetAndGoesOnWithTheNextBlock() throws IOException {
        Path broken = series(TestChunk.of(0, 1000, 1, 2).withWrongCrc()).write(dir.resolve("a"));
        Path sound = TestBlocks.sound().write(dir.resolve("b"));

        assertThat(run("block", "verify", broken.toString(), sound.toString())).isEqualTo(1);
        assertThat(out())
                .startsWith("FAIL " + broken + "\n  CHUNK_CHECKSUM: chunks/000001 at offset ")
                .contains("rule: every chunk is whole and hashes to its checksum; Thanos' compactor halts\n")
                .endsWith("PASS " + sound + ": 3 series, 6 chunks, 21 samples\n");
    }

    @Test
    void verifyStopsWithABlockAfterTwentyViolations() throws IOException {
        TestBlock block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS);
        for (int i = 10; i < 40; i++) {
            block.series(LabelSet.ofSorted("__name__", "m" + i));
        }

        assertThat(run("block", "verify", block.write(dir).toString())).isEqualTo(1);
        assertThat(out().split("SERIES_WITH_CHUNKS")).hasSize(21);
        assertThat(out()).endsWith("the check stopped here\n");
    }

    @Test
    void verifyCountsChunksThatItChecksByChecksumOnlyAndDuplicates() throws IOException {
        TestChunk one = TestChunk.of(0, 1000, 1, 2);
        TestChunk unknown = TestChunk.ofBytes(77, new byte[] {1}, 6000, 6000);

        assertThat(run("block", "verify", series(one, one, unknown).write(dir).toString()))
                .isZero();
        assertThat(out())
                .contains("; 1 unknown chunks by checksum only, which Thanos cannot read")
                .contains("; 1 chunks of the same times as the one before");
    }

    @Test
    void transcodePrintsTheNewBlockAndSaysWhatItDid() throws IOException {
        String golden = "src/test/resources/golden/prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD";

        assertThat(run("block", "transcode", golden, dir.toString())).isZero();
        String written = out().strip();
        assertThat(Path.of(written)).isDirectory().hasParent(dir);
        assertThat(err())
                .contains("77 chunks of histogram_st encoded anew")
                .contains("101 chunks of float_histogram_st encoded anew")
                .contains("start timestamps dropped");

        assertThat(run("block", "transcode", golden, dir.toString())).isEqualTo(1);
        assertThat(err()).contains(written);
        assertThat(run("block", "diff", "--ignore-starts", golden, written)).isZero();
        assertThat(out()).endsWith("no difference in 29 series, 6621 samples\n");
        assertThat(run("block", "diff", golden, written)).isEqualTo(1);
        assertThat(out()).contains(", since ").endsWith("differences in 29 series, 6621 samples\n");
    }

    @Test
    void mergePrintsTheNewBlockAndSaysWhatWasLeftOut() throws IOException {
        String golden = "src/test/resources/golden/prometheus-3.14/";
        String regular = golden + "01M83GSE62ARGZ6NS2THBV0E4Q";

        assertThat(run("block", "merge", regular, golden + "01M83GSE5DPDK87AWYMSGXDHS9", dir.toString()))
                .isZero();
        String written = out().strip();
        assertThat(run("block", "verify", written)).isZero();

        String again = Files.createDirectory(dir.resolve("again")).toString();
        assertThat(run("block", "merge", regular, written, again)).isZero();
        assertThat(err()).contains("samples left out, for another block has one of that time");
    }

    @Test
    void wrongUseIsExitCodeTwo() throws IOException {
        String block = TestBlocks.sound().write(dir).toString();

        assertThat(run("block", "verify")).isEqualTo(2);
        assertThat(run("block", "inspect")).isEqualTo(2);
        assertThat(run("block", "inspect", block, block)).isEqualTo(2);
        assertThat(run("block", "dump")).isEqualTo(2);
        assertThat(run("block", "dump", block, "--format", "csv")).isEqualTo(2);
        assertThat(run("block", "dump", block, "--match", "up{job=~\"(a\"}")).isEqualTo(2);
        assertThat(run("block", "dump", block, "--match", "up{job=~\"a\\.\"}")).isEqualTo(2);
        assertThat(run("block", "dump", block, "--nope")).isEqualTo(2);
        assertThat(run("block", "diff", block)).isEqualTo(2);
        assertThat(run("block", "transcode", block)).isEqualTo(2);
        assertThat(run("block", "merge", block)).isEqualTo(2);
        assertThat(err())
                .contains("--match: '(a': error parsing regexp: missing closing )")
                .contains(
                        "--match: '\\.' is no escape; a backslash is written \\\\", "--format is openmetrics or jsonl");
        assertThat(out()).isEmpty();
    }

    @Test
    void aBlockThatIsNotThereIsExitCodeOneAndNamed() {
        for (String command : List.of("verify", "inspect", "dump")) {
            assertThat(run("block", command, dir.resolve("none").toString())).isEqualTo(1);
        }
        assertThat(out() + err()).doesNotContain("bug").contains("none/index", "none/meta.json", "META_READABLE");
    }

    @Test
    void inspectDescribesABlock() throws IOException {
        Path block = TestBlocks.sound().write(dir);

        assertThat(run("block", "inspect", block.toString())).isZero();
        assertThat(out())
                .containsPattern("block +" + TestBlocks.ID)
                .containsPattern("time +1970-01-01T00:00:00Z to 1970-01-01T02:00:00Z \\(2h\\)")
                .containsPattern("series +3\n")
                .containsPattern("samples +21\n")
                .containsPattern("chunks +6 \\{xor=6}")
                .containsPattern("label names +2\n")
                .containsPattern("metric +3 series of up")
                .containsPattern("label +3 values of job\nlabel +1 values of __name__\n")
                .containsPattern("chunks/000001 +\\d+");
    }

    @Test
    void jsonLinesHoldOneSeriesEachWithExactTimesAndSpecialValues() throws IOException {
        Path block = series(odd()).write(dir);

        assertThat(run("block", "dump", block.toString(), "--format", "jsonl")).isZero();
        assertThat(out())
                .isEqualTo("{\"labels\":{\"__name__\":\"odd\",\"path\":\"a\\\\b\\\"c\\u000ad\\u0001é\"},"
                        + "\"samples\":[[1,\"NaN\"],[2,\"+Inf\"],[3,\"-Inf\"],[4,\"stale\"],[5,\"-0\"],[6,\"5e-324\"],"
                        + "[7,\"1e+21\"],[8,\"0.1\"]]}\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void openMetricsLeavesStalenessMarkersOutAndSaysSo() throws IOException {
        Path block = series(odd()).write(dir);

        assertThat(run("block", "dump", block.toString())).isZero();
        assertThat(out())
                .startsWith("odd{path=\"a\\\\b\\\"c\\nd\u0001é\"} NaN 0.001\n")
                .contains("} +Inf 0.002\n", "} -Inf 0.003\n", "} -0 0.005\n")
                .doesNotContain("0.004")
                .endsWith("# EOF\n");
        assertThat(err()).isEqualTo("1 staleness markers left out; --format jsonl has them\n");
    }

    @Test
    void openMetricsNamesWhatItCannotWrite() throws IOException {
        TestChunk chunk = TestChunk.of(0, 1000, 1);
        Path block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                .series(LabelSet.ofSorted("job", "nameless"), chunk)
                .series(LabelSet.ofSorted("__name__", "h"), TestChunk.ofBytes(2, new byte[] {0, 1, 7}, 0, 0))
                .write(dir);

        assertThat(run("block", "dump", block.toString())).isEqualTo(1);
        assertThat(out()).isEqualTo("# EOF\n");
        assertThat(err())
                .contains("left out: {job=\"nameless\"} has no metric name")
                .contains("not decoded: [histogram] chunks of {__name__=\"h\"}");
    }

    @Test
    void matchSelectsSeries() throws IOException {
        String block = TestBlocks.sound().write(dir).toString();

        assertThat(run("block", "dump", block, "--format=jsonl", "--match", "up{job!=\"a\", job!=\"b\"}"))
                .isZero();
        assertThat(out())
                .startsWith("{\"labels\":{\"__name__\":\"up\",\"job\":\"c\"}")
                .hasLineCount(1);
    }

    @Test
    void matchTakesRegularExpressionsOverTheWholeValue() throws IOException {
        String block = TestBlocks.sound().write(dir).toString();

        assertThat(run("block", "dump", block, "--format=jsonl", "--match", "{__name__=~\"u.\",job=~\"a|c\"}"))
                .isZero();
        assertThat(out()).contains("\"job\":\"a\"", "\"job\":\"c\"").hasLineCount(2);
        out.reset();
        assertThat(run("block", "dump", block, "--format=jsonl", "--match", "{__name__=~\"u\"}"))
                .isZero();
        assertThat(out()).isEmpty();
        assertThat(run("block", "dump", block, "--format=jsonl", "--match", "up{job!~\"[ab]\"}"))
                .isZero();
        assertThat(out()).contains("\"job\":\"c\"").hasLineCount(1);
    }

    @Test
    void aDamagedChunkEndsADumpWithItsPlace() throws IOException {
        byte[] cut = {0, 9, 1};
        Path block = series(TestChunk.ofBytes(1, cut, 0, 0)).write(dir);

        assertThat(run("block", "dump", block.toString())).isEqualTo(1);
        assertThat(err()).contains("chunks/000001 at offset 8 (0x8): the bits end after 0 of 9 samples");
    }

    @Test
    void aDumpThatTheOutputDoesNotTakeFails() throws IOException {
        PrintStream full = new PrintStream(new FullDisk(), false, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(full, print(err), false);
        String[] words = {"block", "dump", TestBlocks.sound().write(dir).toString()};

        assertThat(Commands.run(BlockMain.commands(), words, terminal)).isEqualTo(1);
        assertThat(err()).contains("the output takes no more");
    }

    @Test
    void metaThatLiesDoesNotConfuseInspect() throws IOException {
        Path block = TestBlocks.sound().write(dir);
        Path meta = block.resolve("meta.json");
        Files.writeString(
                meta,
                Files.readString(meta)
                        .replace("\"minTime\": 0", "\"minTime\": " + Long.MIN_VALUE)
                        .replace("7200000", Long.toString(Long.MAX_VALUE)));

        assertThat(run("block", "inspect", block.toString())).isZero();
        assertThat(err()).isEmpty();
    }

    private static TestBlock series(TestChunk... chunks) {
        return TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS).series(ODD, chunks);
    }

    private static TestChunk odd() {
        return TestChunk.of(List.of(
                sample(1, Double.NaN),
                sample(2, Double.POSITIVE_INFINITY),
                sample(3, Double.NEGATIVE_INFINITY),
                new Sample(4, STALE),
                sample(5, -0.0),
                sample(6, Double.MIN_VALUE),
                sample(7, 1e21),
                sample(8, 0.1)));
    }

    private static Sample sample(long time, double value) {
        return new Sample(time, Double.doubleToRawLongBits(value));
    }

    private int run(String... words) {
        return Commands.run(BlockMain.commands(), words, new Terminal(print(out), print(err), false));
    }

    private static PrintStream print(OutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }
}
