package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Our compactor's command on buckets, each run one cycle. All its delays are nothing, so that one cycle does all.
///
/// @param home of configurations and logs
record EdgeshipCompact(Path home) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// One cycle, which has to do all there is to do.
    ///
    /// @param more keys of `compactor.yaml`
    void compact(Path objstore, String more) throws IOException, InterruptedException {
        try (Child child = startCompact(objstore, more)) {
            assertDone(child);
        }
    }

    /// As above, but does not wait for it.
    Child startCompact(Path objstore, String more) throws IOException {
        Path run = Files.createTempDirectory(home, "cycle");
        Path config = Files.writeString(run.resolve("compactor.yaml"), """
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                consistency_delay: 0s
                delete_delay: 0s
                %s
                """.formatted(objstore, more));
        return EdgeshipProcess.start(
                "compact",
                run.resolve("log"),
                "io.edgeship.compact.CompactMain",
                List.of("-Xmx512m"),
                List.of("compact", "--once", "--config", config.toString()));
    }

    static void assertDone(Child compact) throws IOException, InterruptedException {
        assertThat(compact.awaitExit(LIMIT)).as(compact.output()).isZero();
        assertThat(compact.output())
                .doesNotContain("level=error")
                .doesNotContain("nothing was compacted")
                .doesNotContain("quarantined")
                .doesNotContain("failed");
    }
}
