package io.edgeship.block.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandsTest {
    private static final Path WHOLE = Path.of("src/test/resources/golden/loki-3.7.6/whole");
    private static final Path CHUNK =
            WHOLE.resolve("acme/656bd476da4c3f51/MWEyMDAzODVhYWY6MWEyMDA2NGQ5Zjc6MmI2NjM2MDE=");
    private static final Path PAGE = Path.of("../docs/reference/logs.md");
    private static final Pattern COMMAND = Pattern.compile("## `edgeship (.*)`");
    private static final Pattern OPTION = Pattern.compile("\\| `--([a-z-]+ [A-Z=]+)` .*");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path dir;

    @Test
    void verifyPassesWhatLokiWrote() {
        assertThat(run("logs", "verify", WHOLE.toString())).isZero();
        assertThat(out().lines()).hasSize(7).allMatch(line -> line.startsWith("PASS "));
        assertThat(out()).contains(": acme, 400 lines, zstd\n").contains(": index v3, 6 streams, 6 chunks\n");
    }

    @Test
    void verifyNamesFileAndOffsetOfATornChunk() throws IOException {
        Path torn = torn();

        assertThat(run("logs", "verify", dir.toString())).isEqualTo(1);
        assertThat(out()).startsWith("FAIL " + torn + " at offset 0 (0x0): crc32c is ");
    }

    @Test
    void dumpPrintsEveryLineThatWasPushed() throws IOException {
        assertThat(run("logs", "dump", WHOLE.toString(), "--format", "jsonl")).isZero();

        assertThat(objects(new BufferedReader(new StringReader(out())))).containsExactlyInAnyOrderElementsOf(pushed());
    }

    @Test
    void dumpPrintsNothingOfATornChunkAndGoesOn() throws IOException {
        torn();
        Files.copy(CHUNK, Files.createDirectories(dir.resolve("whole")).resolve(CHUNK.getFileName()));

        assertThat(run("logs", "dump", dir.toString())).isEqualTo(1);
        assertThat(out().lines()).hasSize(400);
        assertThat(err()).contains("torn");
    }

    @Test
    void indexIsMadeOfChunksAlone() {
        assertThat(run("logs", "index", WHOLE.toString(), dir.toString())).isZero();

        assertThat(out().lines()).hasSize(2).allMatch(line -> line.startsWith(dir + "/index/index_20778/"));
        String first = out();
        out.reset();
        assertThat(run("logs", "index", WHOLE.toString(), dir.toString())).isZero();
        assertThat(out()).as("names at the second run").isEqualTo(first);
        out.reset();
        assertThat(run("logs", "verify", dir.toString())).isZero();
        assertThat(out().lines()).allMatch(line -> line.endsWith(": index v3, 3 streams, 3 chunks"));
    }

    @Test
    void rewriteGivesEveryStreamASiteAndLosesNoLine() {
        String[] edit = {"--tenant", "fleet", "--label=site=s1", "--codec", "gzip"};
        assertThat(run(
                        "logs",
                        "rewrite",
                        WHOLE.toString(),
                        dir.toString(),
                        edit[0],
                        edit[1],
                        edit[2],
                        edit[3],
                        edit[4]))
                .isZero();
        assertThat(out().lines()).hasSize(6).allMatch(line -> line.startsWith(dir + "/fleet/"));
        out.reset();
        assertThat(run("logs", "dump", dir.toString())).isZero();
        assertThat(out().lines())
                .hasSize(2400)
                .allMatch(line -> line.startsWith("{\"tenant\":\"fleet\"") && line.contains("\"site\":\"s1\""));
    }

    @Test
    void rewriteRefusesWhatNoLokiTakes() {
        assertThat(run("logs", "rewrite", WHOLE.toString(), dir.toString(), "--tenant", "a/b"))
                .isEqualTo(2);
        assertThat(run("logs", "rewrite", WHOLE.toString(), dir.toString(), "--codec", "brotli"))
                .isEqualTo(2);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void thePageDocumentsEveryCommandAndEachOfItsOptions() throws IOException {
        Map<String, Set<String>> inCode = new TreeMap<>();
        for (Command command : LogsMain.commands()) {
            Set<String> options = new TreeSet<>();
            for (Option option : command.usage().options()) {
                options.add(option.name() + " " + option.valueName());
            }
            inCode.put(command.usage().command() + " " + command.usage().operands(), options);
        }
        Map<String, Set<String>> onPage = new TreeMap<>();
        Set<String> options = new TreeSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            var command = COMMAND.matcher(line);
            var option = OPTION.matcher(line);
            if (command.matches()) {
                options = new TreeSet<>();
                onPage.put(command.group(1), options);
            } else if (option.matches()) {
                options.add(option.group(1));
            }
        }

        assertThat(onPage).isEqualTo(inCode);
    }

    private Path torn() throws IOException {
        Path torn = Files.createDirectories(dir.resolve("torn")).resolve(CHUNK.getFileName());
        byte[] whole = Files.readAllBytes(CHUNK);
        Files.write(torn, Arrays.copyOf(whole, whole.length / 2));
        return torn;
    }

    private static List<Map<String, Object>> pushed() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(WHOLE.resolve("expected.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            return objects(in);
        }
    }

    private static List<Map<String, Object>> objects(BufferedReader in) throws IOException {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            objects.add(JSON.std.mapFrom(line));
        }
        return objects;
    }

    private int run(String... words) {
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return Commands.run(LogsMain.commands(), words, terminal);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
