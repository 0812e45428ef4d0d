package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.it.CommandLine.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Exit codes of the real processes: 0 done, 1 work left or a check failed, 2 wrong use.
class ProcessIT {
    static final List<String> COMMANDS = List.of(
            "agent",
            "queue ls",
            "queue show",
            "queue retry",
            "queue drop",
            "compact",
            "fleet",
            "bucket ls",
            "bucket cat",
            "bucket inspect",
            "bucket verify",
            "bucket mark",
            "bucket unmark",
            "bucket cleanup",
            "bucket why",
            "block verify",
            "block inspect",
            "block dump",
            "demo");

    private static final String OTHER_BLOCK = "01M7TX80ZRM2X5R366W8P87Q8S";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    private CommandLine edgeship = new CommandLine(Path.of(""));

    @BeforeEach
    void useTheTemporaryDirectory() {
        edgeship = new CommandLine(dir);
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void helpIsPrintedAndIsNoError(String command) throws Exception {
        assertEnded(0, edgeship.run(command + " --help"), "Usage: edgeship " + command);
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void anUnknownFlagIsWrongUseAndNamesTheHelp(String command) throws Exception {
        assertEnded(
                2, edgeship.run(command + " --no-such-option"), "no-such-option", "edgeship " + command + " --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"block no-such-command", "queue no-such-command", "bucket no-such-command"})
    void anUnknownCommandIsWrongUseAndListsThoseThereAre(String words) throws Exception {
        assertEnded(2, edgeship.run(words), words, words.split(" ")[0] + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent --config missing.yaml",
                "queue ls --config missing.yaml",
                "compact --config missing.yaml",
                "bucket ls --config missing.yaml",
                "agent",
                "queue ls",
                "fleet",
                "bucket cat",
                "block verify",
                "block dump",
                "block inspect",
                "demo one-word-too-many"
            })
    void whatIsMissingOrTooMuchIsWrongUse(String words) throws Exception {
        assertEnded(2, edgeship.run(words));
    }

    @Test
    void theLauncherKnowsItsCommands() throws Exception {
        assertEnded(0, launch("--help"), "agent", "queue", "compact", "fleet", "bucket", "block", "demo");
        assertEnded(0, launch(), "Usage: ./edgeship");
        assertEnded(2, launch("no-such-command"), "no command 'no-such-command'", "Usage: ./edgeship");
    }

    @Test
    void blockChecksAndPrints() throws Exception {
        edgeship.siteWithABlock();
        Path sound = edgeship.dataDir().resolve(CommandLine.BLOCK);
        assertEnded(0, edgeship.run("block verify", sound));
        assertEnded(0, edgeship.run("block inspect", sound), CommandLine.BLOCK);
        assertEnded(0, edgeship.run("block dump --match up", sound), "up{");
        assertEnded(2, edgeship.run("block dump --format no-such-format", sound), "openmetrics or jsonl");
        assertEnded(2, edgeship.run("block dump --match up{", sound), "--match");

        Path broken = Files.createDirectories(dir.resolve(OTHER_BLOCK));
        assertEnded(1, edgeship.run("block verify", broken), "meta.json");
        assertEnded(1, edgeship.run("block verify", sound, broken), "meta.json");
        assertEnded(1, edgeship.run("block inspect", broken), "meta.json");
        assertEnded(1, edgeship.run("block dump", broken), "index");
    }

    @Test
    void anUnknownKeyIsWrongUseAndNamesItsLine() throws Exception {
        Path config = Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                scan_intervall: 1s
                sources:
                - {type: prometheus, path: /nowhere}
                objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}
                """);
        assertEnded(2, edgeship.run("agent --config", config), "agent.yaml:2", "scan_intervall");
    }

    @Test
    void whatWasShippedIsInTheQueueAndInTheBucket() throws Exception {
        Path config = edgeship.siteWithABlock();
        assertEnded(0, edgeship.run("agent --dry-run --config", config), CommandLine.BLOCK, "take");
        assertEnded(0, edgeship.run("agent --once --config", config), "block shipped");
        assertEnded(0, edgeship.run("queue ls --config", config), "shipped", CommandLine.BLOCK);
        assertEnded(0, edgeship.run("queue show --config", config, CommandLine.BLOCK), "SHIPPED");
        for (String command : List.of("show", "retry", "drop")) {
            assertEnded(1, edgeship.run("queue " + command + " --config", config, OTHER_BLOCK), OTHER_BLOCK);
            assertEnded(2, edgeship.run("queue " + command + " --config", config, "no-ulid"), "no-ulid");
        }
        assertEnded(0, edgeship.run("bucket ls --config", edgeship.centre()), CommandLine.BLOCK, CommandLine.SITE);
        String meta = CommandLine.BLOCK + "/meta.json";
        assertEnded(0, edgeship.run("bucket cat --config", edgeship.centre(), meta), CommandLine.BLOCK, "thanos");
        assertEnded(1, edgeship.run("bucket cat --config", edgeship.centre(), "no/such/key"), "no/such/key");
    }

    @Test
    void aCorruptBlockIsSetAsideRetriedAndDropped() throws Exception {
        Path config = edgeship.siteWithABlock();
        Files.write(edgeship.dataDir().resolve(CommandLine.BLOCK).resolve("chunks/000001"), new byte[100]);
        edgeship.run("agent --once --config", config);
        assertEnded(0, edgeship.run("queue ls --config", config), "quarantine", CommandLine.BLOCK);
        assertEnded(0, edgeship.run("queue retry --config", config, CommandLine.BLOCK), "will be verified");
        edgeship.run("agent --once --config", config);
        assertEnded(0, edgeship.run("queue ls --config", config), "quarantine", CommandLine.BLOCK);
        assertEnded(0, edgeship.run("queue drop --config", config, CommandLine.BLOCK), "dropped");
        assertEnded(1, edgeship.run("queue drop --config", config, CommandLine.BLOCK), "in no spool");
    }

    @Test
    void aBucketThatTakesNothingLeavesWork() throws Exception {
        Path config = edgeship.siteWithABlock();
        Files.writeString(edgeship.bucketDir(), "a file where the bucket's directory should be");
        assertEnded(1, edgeship.run("agent --once --config", config));
        assertEnded(1, edgeship.run("compact --once --config", edgeship.centre()));
        assertEnded(1, edgeship.run("fleet --config", edgeship.centre()));
        assertEnded(1, edgeship.run("bucket ls --config", edgeship.centre()));
    }

    @Test
    void nothingToDoIsDone() throws Exception {
        Path config = edgeship.siteWithoutBlocks();
        assertEnded(0, edgeship.run("agent --once --config", config));
        assertEnded(0, edgeship.run("compact --once --config", edgeship.centre()));
        assertEnded(0, edgeship.run("fleet --config", edgeship.centre()));
        assertEnded(0, edgeship.run("queue ls --config", config));
        assertEnded(0, edgeship.run("bucket ls --config", edgeship.centre()));
    }

    /// Runs the launcher itself, with words that need no build.
    private Ended launch(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(Path.of("..", "edgeship").toString()));
        all.addAll(List.of(words));
        Path log = Files.createTempFile(dir, "launcher", ".log");
        try (Child child = Child.start("launcher", log, all, Map.of("EDGESHIP_NO_BUILD", "1"))) {
            return new Ended(child.awaitExit(LIMIT), child.output());
        }
    }

    private static void assertEnded(int exitCode, Ended ended, String... prints) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
        assertThat(List.of(prints))
                .allSatisfy(text -> assertThat(ended.output()).contains(text));
        assertThat(ended.output())
                .doesNotContain("\tat ")
                .doesNotContain("this is a bug in edgeship")
                .doesNotContain("Exception in thread");
    }
}
