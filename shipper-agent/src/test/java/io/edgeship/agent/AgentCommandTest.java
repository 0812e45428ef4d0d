package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.runtime.cli.Command;
import io.edgeship.runtime.cli.Commands;
import io.edgeship.runtime.cli.Option;
import io.edgeship.runtime.cli.Terminal;
import io.edgeship.ship.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as a user types them, on a directory as the bucket.
class AgentCommandTest {
    private static final Path PAGE = Path.of("../docs/reference/agent.md");
    private static final Pattern COMMAND = Pattern.compile("`edgeship (agent|queue [a-z]+)");
    private static final Pattern FLAG = Pattern.compile("`[^`]*--([a-z-]+)");
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");

    @TempDir
    private Path dir;

    private Path bucket;
    private DataDirectory data;
    private Path config;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void create() throws IOException {
        bucket = Files.createDirectories(dir.resolve("bucket"));
        data = DataDirectory.create(dir.resolve("data"));
        config = Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: data}
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: 127.0.0.1:0}
                log: {level: error}
                """.formatted(bucket));
    }

    @Test
    void onceShipsAllThereIsAndIsDone() throws IOException {
        data.cut(A, B);
        assertThat(run("agent", "--once")).isZero();
        for (BlockId id : new BlockId[] {A, B}) {
            assertThat(bucket.resolve(id.toString()).resolve("meta.json")).isNotEmptyFile();
        }
        assertThat(run("agent", "--once")).as("again, with nothing to do").isZero();
    }

    @Test
    void onceIsDoneWhereCorruptBlocksAreSetAside() throws IOException {
        data.cut(A, B);
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();
        assertThat(bucket.resolve(A.toString())).doesNotExist();
        assertThat(bucket.resolve(B.toString())).exists();
    }

    @Test
    void onceLeavesWorkWhereTheBucketFails() throws IOException {
        data.cut(A);
        cutTheLink();
        assertThat(run("agent", "--once")).isEqualTo(1);
        assertThat(data.dir().resolve("edgeship-spool/ready").resolve(A.toString()))
                .exists();
    }

    @Test
    void aDryRunTellsAndChangesNothing() throws IOException {
        data.cut(A);
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains(A.toString(), "take");
        assertThat(data.dir().resolve("edgeship-spool")).doesNotExist();
        assertThat(data.dir().resolve("thanos.shipper.json")).doesNotExist();
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains("known, in shipped");
    }

    @Test
    void releaseListsWhatTheBucketHasAndNamesTheFlag() throws IOException {
        data.cut(A, B);
        data.corrupt(B, "index");
        assertThat(run("agent", "--release")).isZero();
        assertThat(printed()).contains("--storage.tsdb.delay-compact-file.path");
        assertThat(Files.readString(data.dir().resolve("thanos.shipper.json")))
                .contains(A.toString())
                .doesNotContain(B.toString());
    }

    @Test
    void releaseOfAnUnreachableBucketSaysThatSomethingIsLeft() throws IOException {
        data.cut(A);
        cutTheLink();
        assertThat(run("agent", "--release")).isEqualTo(1);
        assertThat(printed()).contains("Not everything was shipped");
        assertThat(Files.readString(data.dir().resolve("thanos.shipper.json"))).doesNotContain(A.toString());
    }

    @Test
    void anOrderThatLeavesHolesIsRefusedWhereAStockThanosCompacts() throws IOException {
        data.cut(A);
        String yaml = Files.readString(config);
        Files.writeString(config, yaml + "order: freshest_first\n");
        assertThat(run("agent", "--once")).isEqualTo(2);
        assertThat(errors()).contains("freshest_first", "centre: edgeship", "--force");
        assertThat(bucket).isEmptyDirectory();
        assertThat(run("agent", "--once", "--force")).isZero();
        Files.writeString(config, yaml + "order: freshest_first\ncentre: edgeship\n");
        assertThat(run("agent", "--once")).isZero();
    }

    @Test
    void waitingGoesWithASingleRunAndWantsADuration() throws IOException {
        assertThat(run("agent", "--wait", "10m")).isEqualTo(2);
        assertThat(run("agent", "--once", "--wait", "soon")).isEqualTo(2);
        assertThat(errors()).contains("--wait", "10m");
        assertThat(run("agent", "--once", "--wait", "10m"))
                .as("nothing to wait for")
                .isZero();
    }

    @Test
    void aMissingDirectoryIsWrongUseAndNamed() throws IOException {
        Files.writeString(config, Files.readString(config).replace("path: data", "path: nowhere"));
        assertThat(run("agent", "--once")).isEqualTo(2);
        assertThat(errors()).contains("nowhere");
    }

    @Test
    void aCorruptBlockIsShownRetriedAndDropped() throws IOException {
        data.cut(A, B);
        byte[] index = Files.readAllBytes(data.dir().resolve(A.toString()).resolve("index"));
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();

        assertThat(run("queue", "ls")).isZero();
        assertThat(printed()).contains("quarantine " + A, "shipped    " + B);
        assertThat(run("queue", "show", A.toString())).isZero();
        assertThat(printed()).contains("index", "\"ulid\": \"" + A + "\"");

        // The source file and the linked one are the same: mending it mends both.
        Files.write(data.dir().resolve(A.toString()).resolve("index"), index);
        assertThat(run("queue", "retry", A.toString()))
                .as("B, of the same time, was shipped, and a stock Thanos compactor would halt")
                .isEqualTo(2);
        assertThat(errors()).contains(B.toString(), "centre: edgeship", "--force");
        assertThat(run("queue", "retry", A.toString(), "--force")).isZero();
        assertThat(run("agent", "--once")).isZero();
        assertThat(bucket.resolve(A.toString()).resolve("meta.json")).exists();
        assertThat(run("queue", "retry", A.toString())).as("no longer there").isEqualTo(1);
    }

    @Test
    void aDroppedBlockStaysOnRecord() throws IOException {
        data.cut(A);
        data.corrupt(A, "index");
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("queue", "drop", A.toString())).isZero();
        assertThat(printed()).contains("the loss is on record");
        assertThat(data.dir().resolve("edgeship-spool/losses").resolve(A + ".pb"))
                .exists();
        assertThat(data.dir().resolve("edgeship-spool/quarantine").resolve(A.toString()))
                .doesNotExist();
        assertThat(run("queue", "drop", A.toString())).isEqualTo(1);
    }

    @Test
    void aUlidThatIsNoneIsWrongUse() {
        assertThat(run("queue", "show", "x")).isEqualTo(2);
        assertThat(run("queue", "drop")).isEqualTo(2);
        assertThat(run("queue", "show", A.toString())).isEqualTo(1);
    }

    @Test
    void thePageNamesEveryCommandAndFlagAndNoOthers() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> commands = new TreeSet<>();
        Set<String> flags = new TreeSet<>();
        for (Command command : AgentMain.COMMANDS) {
            commands.add(command.usage().command());
            command.usage().options().stream().map(Option::name).forEach(flags::add);
        }
        Set<String> onPage = new TreeSet<>();
        COMMAND.matcher(page).results().forEach(found -> onPage.add(found.group(1)));
        assertThat(onPage).isEqualTo(commands);
        int begin = page.indexOf("## Commands");
        String table = page.substring(begin, page.indexOf("\n## ", begin));
        Set<String> flagsOnPage = new TreeSet<>();
        FLAG.matcher(table).results().forEach(found -> flagsOnPage.add(found.group(1)));
        assertThat(flagsOnPage).isEqualTo(flags);
    }

    /// Nothing listens on port 1.
    private void cutTheLink() throws IOException {
        String yaml = Files.readString(config);
        String unreachable = """
                objstore: {config: {type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, \
                region: r, access_key: a, secret_key: s, max_retries: 0}}}
                """;
        Files.writeString(config, yaml.replaceAll("(?m)^objstore:.*\\n", unreachable));
    }

    /// Runs the command with the test's configuration.
    private int run(String... words) {
        out.reset();
        err.reset();
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--config";
        all[words.length + 1] = config.toString();
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
