package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent fills a bucket from a bundled block; one cycle of the compactor publishes the index, removes an abandoned
/// upload and leaves a fresh one alone; the fleet table says until when the data is there.
class CompactIT {
    private static final String ABANDONED = "01M83GSE5DPDK87AWYMSGXDHS9";
    private static final String UNDER_WAY = "01M83GSE4K7TJZVAQYF7E9S1J1";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    private CommandLine edgeship = new CommandLine(Path.of(""));

    @BeforeEach
    void fillTheBucket() throws Exception {
        edgeship = new CommandLine(dir);
        done("agent --once --config", edgeship.siteWithABlock());
    }

    @Test
    void aCycleIndexesWhatIsThereAndRemovesWhatWasAbandoned() throws Exception {
        partial(ABANDONED, Instant.now().minus(Duration.ofDays(3)));
        partial(UNDER_WAY, Instant.now());

        done("compact --once --config", edgeship.centre());
        Path bucket = edgeship.bucketDir();
        assertThat(bucket.resolve("edgeship/fleet/bucket-index.json.gz")).isNotEmptyFile();
        assertThat(bucket.resolve(ABANDONED)).doesNotExist();
        assertThat(bucket.resolve(UNDER_WAY)).isDirectory();
        assertThat(bucket.resolve(CommandLine.BLOCK).resolve("meta.json")).exists();

        assertThat(done("fleet --config", edgeship.centre()).lines().filter(line -> line.contains(CommandLine.SITE)))
                .singleElement()
                .asString()
                .contains("2026-11-23");
        assertThat(done("bucket ls --config", edgeship.centre()))
                .contains(CommandLine.BLOCK, UNDER_WAY)
                .doesNotContain(ABANDONED);
    }

    @Test
    void thanosFindsNothingWrong() throws Exception {
        Path thanos = Program.thanos();
        for (String command : List.of("verify", "ls")) {
            Path log = dir.resolve(command + ".log");
            List<String> words = List.of(
                    thanos.toString(), "tools", "bucket", command, "--objstore.config-file=" + edgeship.objstore());
            try (Child child = Child.start("thanos tools bucket " + command, log, words, Map.of())) {
                assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
                assertThat(child.output()).doesNotContain("level=error").doesNotContain("level=warn");
            }
        }
        assertThat(Files.readString(dir.resolve("ls.log"))).contains(CommandLine.BLOCK);
    }

    private void partial(String block, Instant lastWrite) throws IOException {
        Path chunks =
                Files.createDirectories(edgeship.bucketDir().resolve(block).resolve("chunks"));
        Path segment = Files.write(chunks.resolve("000001"), new byte[100]);
        Files.setLastModifiedTime(segment, FileTime.from(lastWrite));
    }

    private String done(String words, Path config) throws Exception {
        CommandLine.Ended ended = edgeship.run(words, config);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }
}
