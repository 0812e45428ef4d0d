package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.queue.ShippedRecord;
import io.edgeship.queue.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The commands of a site that ships a Loki's chunks and nothing else.
class LogsCommandsTest extends TypedCommands {
    private static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden/loki-3.7.6/whole");

    private Path root;

    @BeforeEach
    void configure() throws IOException {
        root = dir.resolve("loki/chunks");
        for (Path chunk : files(GOLDEN)) {
            if (chunk.toString().endsWith("=")) {
                Path target = root.resolve(GOLDEN.relativize(chunk));
                Files.createDirectories(target.getParent());
                Files.copy(chunk, target);
            }
        }
        configure("");
    }

    private void configure(String more) throws IOException {
        config = Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: loki, path: loki/chunks%s}
                logs: {objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}}
                http: {listen: 127.0.0.1:0}
                log: {level: error}
                """.formatted(more, bucket));
    }

    private static List<Path> files(Path below) throws IOException {
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aDryRunCountsChunksByWhatWouldBecomeOfThem() throws IOException {
        Path cut = files(root).getFirst();
        Files.write(cut, new byte[10]);
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains("5 log chunk(s): take", "1 log chunk(s): wait: not whole");
        assertThat(dir.resolve("loki/edgeship-spool")).doesNotExist();
        Files.delete(cut);
        assertThat(run("agent", "--once")).isZero();
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed())
                .contains("5 log chunk(s): known, shipped or dropped")
                .doesNotContain("take");
        configure(", tenants: verbatim");
        deleteTree(dir.resolve("loki/edgeship-spool"));
        assertThat(run("agent", "--dry-run")).isZero();
        assertThat(printed()).contains("log chunk(s): refuse: tenant fake is every site's");
    }

    @Test
    void whatTheBucketLostIsSentAgainByTheTimeOfItsLines() throws IOException {
        assertThat(run("agent", "--once")).isZero();
        assertThat(files(bucket.resolve("fleet"))).hasSize(6);
        deleteTree(bucket.resolve("fleet"));
        assertThat(run("agent", "--once")).isZero();
        assertThat(files(bucket.resolve("fleet"))).as("shipped once").isEmpty();

        assertThat(run("queue", "reship", "--from", "2001-01-01T00:00:00Z", "--to", "2002-01-01T00:00:00Z"))
                .as("no lines of that time")
                .isEqualTo(1);
        assertThat(run("queue", "reship", "--from", "2020-01-01T00:00:00Z")).isZero();
        assertThat(printed()).contains("6 log chunk(s)", root.toString());
        assertThat(run("agent", "--once")).isZero();
        assertThat(files(bucket.resolve("fleet"))).hasSize(6);
    }

    @Test
    void aSegmentIsNotSentAgainByItsNameAndTheTimeToAskForIsSaid() throws IOException {
        assertThat(run("agent", "--once")).isZero();
        ShippedRecord shipped;
        try (Spool spool = Spool.look(dir.resolve("loki/edgeship-spool"))) {
            shipped = spool.shippedRecords().getFirst();
        }
        assertThat(run("queue", "reship", shipped.id().toString())).isEqualTo(1);
        String[] words = errors().strip().split(" ");
        String from = words[words.length - 3];
        String to = words[words.length - 1];
        assertThat(run("queue", "reship", "--from", from, "--to", to))
                .as(errors())
                .isZero();
    }

    @Test
    void aSiteThatIsSetUpWellPassesItsCheckAndNothingIsLeftBehind() throws IOException {
        List<Path> before = files(dir.resolve("loki"));
        assertThat(run("check")).as(printed()).isZero();
        assertThat(printed())
                .contains("PASS  path " + root, "PASS  chunks", "PASS  tenants", "PASS  hard-link", "PASS  s3-put logs")
                .contains("WARN  loki " + root, "sources[].url");
        assertThat(files(dir.resolve("loki"))).isEqualTo(before);
    }

    @Test
    void aPathAboveTheChunksFailsAndTheRightOneIsNamed() throws IOException {
        config = Files.writeString(config, Files.readString(config).replace("loki/chunks", "loki"));
        assertThat(run("check", "--no-network")).isEqualTo(1);
        assertThat(printed()).contains("FAIL  path", "add /chunks to sources[].path");
    }

    @Test
    void aTenantThatCannotBeShippedFails() throws IOException {
        configure(", tenants: verbatim");
        assertThat(run("check", "--no-network")).isEqualTo(1);
        assertThat(printed()).contains("FAIL  tenants", "fake is every site's", "Fix: set sources[].tenants");
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
