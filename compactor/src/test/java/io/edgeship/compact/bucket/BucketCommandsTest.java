package io.edgeship.compact.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.thanos.Mark;
import io.edgeship.compact.CompactMain;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands as people run them, on blocks as a site makes them.
class BucketCommandsTest {
    private static final Duration OLD = Duration.ofDays(30);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    private List<String> ids = List.of();

    @BeforeEach
    void aDayOfOneSite() throws IOException {
        folder = new BucketFolder(dir.resolve("bucket"));
        Files.createDirectories(folder.root());
        SyntheticSpec spec = SyntheticSpec.parse("sites=1,series=20,days=1,step=60s,seed=1,start=2026-11-01");
        ids = SyntheticBlocks.write(spec, 0, folder.root(), _ -> {}).stream()
                .map(block -> String.valueOf(block.getFileName()))
                .toList();
        Files.writeString(
                dir.resolve("compactor.yaml"),
                "objstore: {config: {type: FILESYSTEM, config: {directory: %s}}}\nlog: {level: error}\n"
                        .formatted(folder.root()));
    }

    @Test
    void soundBlocksPass() {
        assertThat(run("verify")).isZero();
        assertThat(text(out).lines()).hasSize(12).allMatch(line -> line.startsWith("PASS "));
        assertThat(run("verify", "--index-only", "--id", ids.get(3))).isZero();
        assertThat(text(out)).isEqualTo("PASS " + ids.get(3) + "\n");
    }

    @Test
    void aByteThatChangedIsNamedByFileAndOffsetAndStopsNoOther() throws Exception {
        flip(ids.get(1) + "/chunks/000001", 100);

        assertThat(run("verify")).isEqualTo(1);
        assertThat(text(out).lines().filter(line -> line.startsWith("PASS "))).hasSize(11);
        assertThat(text(out)).contains("FAIL " + ids.get(1) + "\n  ").contains("chunks/000001 at offset ");
        assertThat(run("verify", "--index-only")).isZero();
        assertThat(run("verify", "--id", ids.get(2))).isZero();
    }

    /// Each byte of the chunks is under a checksum, or says where one is.
    @Test
    void anyByteOfTheChunksThatChangesIsFound() throws Exception {
        Random random = new Random(7);
        String key = ids.getFirst() + "/chunks/000001";
        int length = folder.read(key).length;
        for (int i = 0; i < 40; i++) {
            int at = i < 5 ? i : random.nextInt(8, length);
            flip(key, at);
            assertThat(run("verify", "--id", ids.getFirst())).as("byte %d", at).isEqualTo(1);
            flip(key, at);
        }
        assertThat(run("verify", "--id", ids.getFirst())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"index", "chunks/000001", "meta.json"})
    void aFileThatIsCutOrGoneIsNamed(String file) throws Exception {
        Path path = folder.root().resolve(ids.getFirst()).resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        for (int length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
            Files.write(path, Arrays.copyOf(bytes, length));
            boolean isSound = file.equals("meta.json") && length == bytes.length - 1; // only its line feed is gone
            assertThat(run("verify", "--id", ids.getFirst()))
                    .as("%d bytes", length)
                    .isEqualTo(isSound ? 0 : 1);
        }
        Files.delete(path);
        assertThat(run("verify", "--id", ids.getFirst())).isEqualTo(1);
        assertThat(text(out)).contains("FAIL " + ids.getFirst(), file);
    }

    @Test
    void aMarkIsWrittenLeftAndTakenBack() throws Exception {
        String id = ids.getFirst();
        for (String marker : List.of("deletion-mark.json", "no-compact-mark.json", "no-downsample-mark.json")) {
            String key = id + "/" + marker;
            assertThat(run("mark", "--id", id, "--marker", marker, "--details", "by hand"))
                    .isZero();
            assertThat(text(out)).isEqualTo(key + ": written\n");
            assertThat(new String(folder.read(key), UTF_8)).contains(id, "\"details\":\"by hand\"");
            assertThat(run("mark", "--id", id, "--marker", marker, "--details", "again"))
                    .isZero();
            assertThat(text(out)).isEqualTo(key + ": was there already, left as it is\n");
            assertThat(run("ls")).isZero();
            assertThat(text(out)).contains("marked");

            assertThat(run("unmark", "--id", id, "--marker", marker)).isZero();
            assertThat(text(out)).isEqualTo(key + ": removed\n");
            assertThat(run("mark", "--id", id, "--marker", marker, "--remove")).isZero();
            assertThat(text(out)).isEqualTo(key + ": was not there\n");
            assertThat(folder.holds(key)).isFalse();
        }
    }

    @Test
    void whatIsMarkedByHandIsReadAsThanosDoes() throws Exception {
        String id = ids.getFirst();
        run("mark", "--id", id, "--marker", "deletion-mark.json", "--details", "by hand");

        Mark.Deletion mark = Mark.Deletion.parse("mark", folder.read(id + "/deletion-mark.json"));

        assertThat(mark.id()).isEqualTo(BlockId.parse(id));
        assertThat(mark.details()).isEqualTo("by hand");
    }

    @Test
    void noMarkIsLeftWhereThereIsNoBlock() throws Exception {
        folder.data(BucketFolder.A, OLD);

        assertThat(run("mark", "--id", BucketFolder.A.toString(), "--marker", "deletion-mark.json", "--details", "x"))
                .isEqualTo(1);
        assertThat(folder.keysOf(BucketFolder.A)).hasSize(2);
    }

    @Test
    void cleanupSaysWhatWouldGoAndThenRemovesIt() throws Exception {
        folder.data(BucketFolder.A, OLD).mark(BlockId.parse(ids.getFirst()), OLD);

        assertThat(run("cleanup", "--dry-run")).isZero();
        assertThat(text(out)).contains(BucketFolder.A + "  abandoned upload, would", ids.getFirst() + "  marked");
        assertThat(folder.keysOf(BucketFolder.A)).hasSize(2);
        assertThat(folder.holds(ids.getFirst() + "/meta.json")).isTrue();

        assertThat(run("cleanup")).isZero();
        assertThat(text(out)).contains(BucketFolder.A + "  abandoned upload, removed", ids.getFirst() + "  marked");
        assertThat(folder.keys()).noneMatch(key -> key.startsWith(BucketFolder.A + "/"));
        assertThat(folder.keys()).noneMatch(key -> key.startsWith(ids.getFirst() + "/"));
        assertThat(run("verify")).isZero();
    }

    @Test
    void tablesAreForPeopleAndForPrograms() throws Exception {
        assertThat(run("ls", "--output", "json")).isZero();
        assertThat(text(out).lines()).hasSize(12);
        JsonObject first = JsonObject.parse(
                "line", text(out).lines().findFirst().orElseThrow().getBytes(UTF_8));
        assertThat(first.requiredText("ulid")).isEqualTo(ids.getFirst());
        assertThat(first.integer("size", 0)).isPositive();
        assertThat(first.object("labels").requiredText("site")).isEqualTo("site-000");
        assertThat(first.texts("state")).isEmpty();

        assertThat(run("inspect", "--output", "tsv")).isZero();
        List<String> lines = text(out).lines().toList();
        assertThat(lines).hasSize(13);
        assertThat(lines.getFirst().split("\t"))
                .containsExactly(
                        "ULID",
                        "FROM",
                        "UNTIL",
                        "RANGE",
                        "UNTIL-DOWN",
                        "#SERIES",
                        "#SAMPLES",
                        "#CHUNKS",
                        "COMP-LEVEL",
                        "COMP-FAILED",
                        "LABELS",
                        "RESOLUTION",
                        "SOURCE");
        assertThat(lines.get(2).split("\t")).hasSize(13).contains("20", "1", "false", "raw", "edgeship");
        assertThat(run("inspect")).isZero();
        assertThat(text(out).lines()).hasSize(13);
    }

    @Test
    void aSelectorIsOverExternalLabels() {
        assertThat(run("ls", "--selector", "{site=~\"site-.*\"}", "--output", "tsv"))
                .isZero();
        assertThat(text(out).lines()).hasSize(13);
        for (String command : List.of("ls", "inspect")) {
            assertThat(run(command, "--selector", "{site=\"b\"}", "--output", "json"))
                    .isZero();
            assertThat(text(out)).isEmpty();
        }
        assertThat(run("verify", "--selector", "{site=\"b\"}")).isZero();
        assertThat(text(out)).isEmpty();
    }

    @Test
    void wrongUseIsToldApart() {
        assertThat(run("ls", "--output", "yaml")).isEqualTo(2);
        assertThat(run("ls", "--selector", "{site=")).isEqualTo(2);
        assertThat(run("verify", "--id", "x")).isEqualTo(2);
        assertThat(run("mark", "--marker", "deletion-mark.json", "--details", "x"))
                .isEqualTo(2);
        assertThat(run("mark", "--id", ids.getFirst(), "--details", "x")).isEqualTo(2);
        assertThat(run("mark", "--id", ids.getFirst(), "--marker", "meta.json", "--details", "x"))
                .isEqualTo(2);
        assertThat(run("mark", "--id", ids.getFirst(), "--marker", "deletion-mark.json"))
                .isEqualTo(2);
        assertThat(run("unmark", "--id", ids.getFirst())).isEqualTo(2);
    }

    private void flip(String key, int at) throws IOException {
        byte[] bytes = folder.read(key);
        bytes[at] ^= 1;
        Files.write(folder.root().resolve(key), bytes);
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("bucket"));
        all.addAll(List.of(words));
        all.addAll(List.of("--config", dir.resolve("compactor.yaml").toString()));
        Terminal terminal = new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);
        return Commands.run(CompactMain.COMMANDS, all.toArray(String[]::new), terminal);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }
}
