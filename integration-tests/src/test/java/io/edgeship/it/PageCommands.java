package io.edgeship.it;

import io.edgeship.demo.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands of a page of `docs/operations`, run as they stand there: what is between ` ```sh ` and ` ``` `.
///
/// @param page its file's name
/// @param home where they are run; `./edgeship` there is ours
record PageCommands(String page, Path home) {
    private static final Path PAGES = Path.of("..", "docs", "operations");
    private static final Pattern BLOCK = Pattern.compile("(?m)^```sh\\n(.*?)^```$", Pattern.DOTALL);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// All commands below a heading of the second level, one after the other until one fails.
    ///
    /// @param environment the page's variables
    CommandLine.Ended run(String heading, Map<String, String> environment) throws IOException, InterruptedException {
        launcher();
        Path script = Files.writeString(home.resolve("page.sh"), below(heading));
        Path log = Files.createTempFile(home, "page", ".log");
        // By its name, for the commands are written for a shell whose folder is that of the configuration.
        List<String> words =
                List.of("sh", "-e", "-x", "-c", "cd \"$1\" && . \"$2\"", "sh", home.toString(), "" + script);
        try (Child shell = Child.start(page + ", " + heading, log, words, environment)) {
            return new CommandLine.Ended(shell.awaitExit(LIMIT), shell.output());
        }
    }

    private String below(String heading) throws IOException {
        String text = Files.readString(PAGES.resolve(page));
        int from = text.indexOf("\n## " + heading + "\n");
        if (from < 0) {
            throw new IOException("%s has no heading %s".formatted(page, heading));
        }
        int next = text.indexOf("\n## ", from + 1);
        Matcher blocks = BLOCK.matcher(text.substring(from, next < 0 ? text.length() : next));
        StringBuilder commands = new StringBuilder();
        while (blocks.find()) {
            commands.append(blocks.group(1));
        }
        if (commands.isEmpty()) {
            throw new IOException("%s has no commands below %s".formatted(page, heading));
        }
        return commands.toString();
    }

    private void launcher() throws IOException {
        Path launcher = Files.writeString(home.resolve("edgeship"), """
                #!/bin/sh
                case "$1" in
                agent | queue | check | status) main=io.edgeship.agent.AgentMain ;;
                *) main=io.edgeship.compact.CompactMain ;;
                esac
                exec '%s' -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \\
                    --sun-misc-unsafe-memory-access=allow -cp '%s' $main "$@"
                """.formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"), System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
