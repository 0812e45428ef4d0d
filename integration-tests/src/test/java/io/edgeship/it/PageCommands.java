package io.edgeship.it;

import io.edgeship.demo.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs commands of a page of `docs/operations` as they stand there. Other programs than ours are found in
/// `home/bin`, where they get the words in `MORE` besides: addresses that nobody else on the machine has.
///
/// @param home where they are run; `./edgeship` there is ours
record PageCommands(Path home) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Has a program under the name that the pages call it by.
    PageCommands with(String name, Path program) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        program(bin.resolve(name), "#!/bin/sh\nexec '%s' \"$@\" $MORE\n".formatted(program));
        return this;
    }

    /// Runs a block to its end, one command after the other until one fails.
    ///
    /// @param variables the page's
    CommandLine.Ended run(PageBlock block, Map<String, String> variables) throws IOException, InterruptedException {
        Path log = Files.createTempFile(home, "page", ".log");
        try (Child shell = shell(block, block.text(), log, variables)) {
            return new CommandLine.Ended(shell.awaitExit(LIMIT), shell.output());
        }
    }

    /// Starts the one command of a block; what the caller does to the child is done to it, not to a shell.
    Child start(PageBlock block, Path log, Map<String, String> variables) throws IOException {
        return shell(block, "exec " + block.text(), log, variables);
    }

    private Child shell(PageBlock block, String commands, Path log, Map<String, String> variables) throws IOException {
        launcher();
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
        Path script = Files.writeString(Files.createTempFile(home, "page", ".sh"), commands);
        // By its name, for the commands are written for a shell whose folder is that of the configuration.
        List<String> words =
                List.of("sh", "-e", "-x", "-c", "cd \"$1\" && . \"$2\"", "sh", home.toString(), script.toString());
        return Child.start(block + " of " + block.page(), log, words, environment);
    }

    private void launcher() throws IOException {
        program(home.resolve("edgeship"), """
                #!/bin/sh
                case "$1" in
                agent | queue | check | status) main=io.edgeship.agent.AgentMain ;;
                *) main=io.edgeship.compact.CompactMain ;;
                esac
                exec '%s' -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \\
                    --sun-misc-unsafe-memory-access=allow -cp '%s' $main "$@"
                """.formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"), System.getProperty("java.class.path")));
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
