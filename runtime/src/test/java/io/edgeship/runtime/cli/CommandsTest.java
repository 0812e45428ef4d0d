package io.edgeship.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.runtime.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(print(out), print(err), false);

    /// Prints its name and operands, or throws.
    private record Echo(String name, @Nullable Exception thrown) implements Command {
        @Override
        public Usage usage() {
            return new Usage(name, "WORD...", "Echoes", List.of(), "");
        }

        @Override
        public ExitCode run(io.edgeship.runtime.cli.Arguments arguments, Terminal terminal) throws Exception {
            if (thrown != null) {
                throw thrown;
            }
            terminal.out().print(name + arguments.operands());
            return ExitCode.WORK_LEFT;
        }
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private int run(List<Command> commands, String... words) {
        return Commands.run(commands, words, terminal);
    }

    @Test
    void picksTheLongestNameAndPassesTheRest() {
        List<Command> commands = List.of(new Echo("block", null), new Echo("block verify", null));

        assertThat(run(commands, "block", "verify", "a")).isEqualTo(1);
        assertThat(out).hasToString("block verify[a]");
        assertThat(run(commands, "block", "other")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("block[other]");
    }

    @Test
    void unknownCommandListsTheKnownOnes() {
        assertThat(run(List.of(new Echo("block verify", null)), "blok")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("edgeship: no command 'blok'\n")
                .contains("block verify");
        assertThat(out.size()).isZero();
    }

    @Test
    void helpGoesToStandardOutputAndIsNoError() {
        assertThat(run(List.of(new Echo("block verify", null)), "block", "verify", "--help"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: edgeship block verify WORD...");
        assertThat(run(List.of(new Echo("block verify", null)), "--help")).isZero();
        assertThat(err.size()).isZero();
    }

    static List<ArgumentSet> failures() {
        return List.of(
                Arguments.argumentSet(
                        "wrong use",
                        new UsageException("no option --x"),
                        2,
                        "edgeship echo: no option --x; see edgeship echo --help\n"),
                Arguments.argumentSet("wrong configuration", new ConfigException("a.yaml:1: no"), 2, "a.yaml:1: no\n"),
                Arguments.argumentSet("input or output", new IOException("reading x"), 1, "edgeship echo: reading x\n"),
                Arguments.argumentSet(
                        "no file", new NoSuchFileException("/x"), 1, "edgeship echo: /x: no such file or directory\n"),
                Arguments.argumentSet("a bug", new IllegalStateException("queue"), 1, """
                        edgeship echo: java.lang.IllegalStateException: queue
                        this is a bug in edgeship; EDGESHIP_DEBUG=1 prints where
                        """));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatGoesWrongIsOneLineAndAnExitCode(Exception thrown, int code, String message) {
        assertThat(run(List.of(new Echo("echo", thrown)), "echo")).isEqualTo(code);
        assertThat(err).hasToString(message);
    }
}
