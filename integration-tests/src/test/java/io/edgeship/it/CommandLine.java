package io.edgeship.it;

import io.edgeship.demo.BundledSites;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs our commands as processes, and sets up what they work on: a site with a bundled block, a bucket in a directory
/// and the centre's configuration.
final class CommandLine {
    static final String SITE = "greenhouse-7";
    static final String BLOCK =
            BundledSites.BLOCKS.getOrDefault(SITE, List.of()).getFirst();

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path dir;

    CommandLine(Path dir) {
        this.dir = dir;
    }

    /// What a command printed, stdout and stderr, and its exit code.
    record Ended(int exitCode, String output) {}

    /// Runs a command to its end. `words` are split at spaces; `more` are taken as they are.
    Ended run(String words, Object... more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words.split(" ")));
        for (Object word : more) {
            all.add(word.toString());
        }
        Path log = Files.createTempFile(dir, "command", ".log");
        try (Child child = EdgeshipProcess.start(words, log, main(all.getFirst()), List.of("-Xmx128m"), all)) {
            return new Ended(child.awaitExit(LIMIT), child.output());
        }
    }

    /// As the launcher chooses.
    private static String main(String command) {
        return switch (command) {
            case "agent", "queue" -> "io.edgeship.agent.AgentMain";
            case "compact", "fleet", "bucket" -> "io.edgeship.compact.CompactMain";
            case "block" -> "io.edgeship.block.cli.BlockMain";
            case "demo" -> "io.edgeship.demo.DemoMain";
            default -> throw new IllegalArgumentException(command);
        };
    }

    Path dataDir() {
        return dir.resolve("data");
    }

    Path bucketDir() {
        return dir.resolve("bucket");
    }

    Path objstore() throws IOException {
        return AgentYaml.directoryBucket(dir);
    }

    /// The bundled block in a data directory, and an agent that ships it to the bucket.
    Path siteWithABlock() throws IOException {
        BundledSites.unpack(SITE, dataDir());
        return agentYaml();
    }

    Path siteWithoutBlocks() throws IOException {
        Files.createDirectories(dataDir().resolve("wal"));
        return agentYaml();
    }

    private Path agentYaml() throws IOException {
        return Files.writeString(dir.resolve("agent.yaml"), """
                site: %s
                sources:
                - {type: prometheus, path: '%s', external_labels: {replica: a}}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                """.formatted(SITE, dataDir(), objstore()));
    }

    Path centre() throws IOException {
        return Files.writeString(
                dir.resolve("compactor.yaml"),
                "objstore: {file: '%s'}\nhttp: {listen: \"127.0.0.1:0\"}\n".formatted(objstore()));
    }
}
