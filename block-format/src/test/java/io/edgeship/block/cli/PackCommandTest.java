package io.edgeship.block.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.testing.TestBlocks;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path dir;

    private Path block;
    private Path pack;

    @BeforeEach
    void writeABlock() throws IOException {
        block = TestBlocks.sound().write(dir);
        pack = dir.resolve("one.pack");
    }

    @Test
    void aBlockIsPackedAndMadeAgain() throws IOException {
        Path again = dir.resolve("again");

        assertThat(run("block", "pack", block.toString(), pack.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("\\d+ bytes of \\d+: 0\\.\\d{4} \\(3 series, 0 of 6 chunks as they are\\)\n");
        assertThat(run("block", "unpack", pack.toString(), again.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(again + ": 3 files, ");
        assertThat(err.size()).as("a short work says nothing of how far it is").isZero();
        for (String file : new String[] {"index", "chunks/000001", "meta.json"}) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(block.resolve(file));
        }
    }

    @Test
    void statPrintsWhatEachMetricTakesAndWritesNothing() throws IOException {
        assertThat(run("block", "pack", "--stat", block.toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .last()
                .asString()
                .matches(" *\\d+ 100\\.0% +3 +21 +\\d+ {2}up");
        assertOnlyTheBlockIsThere();
    }

    @Test
    void wrongUseIsExitCodeTwo() {
        assertThat(run("block", "pack")).isEqualTo(2);
        assertThat(run("block", "pack", block.toString())).isEqualTo(2);
        assertThat(run("block", "pack", "--stat", block.toString(), pack.toString()))
                .isEqualTo(2);
        assertThat(run("block", "pack", "--nope", block.toString(), pack.toString()))
                .isEqualTo(2);
        assertThat(run("block", "unpack", pack.toString())).isEqualTo(2);

        assertThat(out.size()).isZero();
        assertThat(error()).contains("a block and a file for its pack are wanted", "edgeship block unpack --help");
    }

    @Test
    void helpSaysWhatIsWanted() {
        assertThat(run("block", "pack", "--help")).isZero();
        assertThat(run("block", "unpack", "--help")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("DIR [FILE]", "--stat", "FILE DIR", "SHA-256");
    }

    @Test
    void whatIsThereIsNotReplacedAndNamed() throws IOException {
        Files.writeString(pack, "mine");
        assertThat(run("block", "pack", block.toString(), pack.toString())).isEqualTo(1);
        assertThat(error()).contains(pack.toString()).doesNotContain("bug");
        assertThat(pack).hasContent("mine");

        Files.delete(pack);
        run("block", "pack", block.toString(), pack.toString());
        assertThat(run("block", "unpack", pack.toString(), block.toString())).isEqualTo(1);
        assertThat(error()).contains(block.toString()).doesNotContain("bug");
    }

    @Test
    void aBlockOrPackThatIsNotThereIsNamed() throws IOException {
        String none = dir.resolve("none").toString();

        assertThat(run("block", "pack", none, pack.toString())).isEqualTo(1);
        assertThat(run("block", "pack", "--stat", none)).isEqualTo(1);
        assertThat(run("block", "unpack", none, dir.resolve("again").toString()))
                .isEqualTo(1);
        assertThat(error().lines()).hasSize(3).allMatch(line -> line.contains(none) && !line.contains("bug"));
        assertOnlyTheBlockIsThere();
    }

    @Test
    void aDamagedPackIsNamedWithTheOffsetAndLeavesNothing() throws IOException {
        run("block", "pack", block.toString(), pack.toString());
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length - 40] ^= 1;
        Files.write(pack, bytes);

        assertThat(run("block", "unpack", pack.toString(), dir.resolve("again").toString()))
                .isEqualTo(1);
        assertThat(error()).containsPattern("one\\.pack at offset [1-9]\\d* \\(0x[0-9a-f]+\\): ");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactlyInAnyOrder(block, pack);
        }
    }

    private void assertOnlyTheBlockIsThere() throws IOException {
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(block);
        }
    }

    private int run(String... words) {
        return Commands.run(BlockMain.commands(), words, new Terminal(print(out), print(err), false));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
