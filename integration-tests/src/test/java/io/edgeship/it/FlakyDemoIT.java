package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README promises of `demo --flaky`: over a link that is cut again and again, every block of both sites
/// arrives.
class FlakyDemoIT {
    private static final Duration LIMIT = Duration.ofSeconds(100);

    @TempDir
    private Path dir;

    @Test
    void everyBlockOfBothTransportsArrives() throws Exception {
        String server = "-Dedgeship.s3proxy.jar=" + System.getProperty("edgeship.s3proxy.jar");
        List<String> command = List.of(
                "demo", "--flaky", "--once", "--dir", dir.resolve("home").toString());
        try (Child demo = EdgeshipProcess.start(
                "demo", dir.resolve("demo.log"), "io.edgeship.demo.DemoMain", List.of("-Xmx128m", server), command)) {
            int exitCode = demo.awaitExit(LIMIT);
            assertThat(demo.output()).contains("24 of 24 blocks in the bucket");
            assertThat(exitCode).as(demo.output()).isZero();
        }
    }
}
