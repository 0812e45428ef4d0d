package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalS3;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the README promises of `demo --once`, but for the live Prometheus, whose first block takes its time: blocks of
/// both sites are seen, and log lines are found through the index that the compactor built.
class DemoIT {
    private static final Duration LIMIT = Duration.ofSeconds(95);

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void blocksArriveAndLinesAreFoundThroughTheRebuiltIndex(boolean s3) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-D%s=%s".formatted(LocalS3.JAR_PROPERTY, System.getProperty(LocalS3.JAR_PROPERTY)),
                "-cp",
                System.getProperty("java.class.path"),
                "io.edgeship.demo.DemoMain",
                "demo",
                "--once",
                "--dir",
                dir.resolve("home").toString()));
        if (s3) {
            command.add("--s3");
        }
        Map<String, String> withoutPrometheus = Map.of("PATH", "");
        try (Child demo = Child.start("demo", dir.resolve("demo.log"), command, withoutPrometheus)) {
            int exitCode = demo.awaitExit(LIMIT);
            assertThat(demo.output())
                    .contains(
                            "greenhouse-7     01M83GSE62ARGZ6NS2THBV0E4Q",
                            "greenhouse-9     01M7V43R7R750RD8B69P192T6C")
                    .contains("greenhouse-7     3 chunks of Loki are in an index")
                    .contains("2026-11-21T23:16:00.039787764Z  {app=\"pump\", env=\"prod\", site=\"greenhouse-7\"}"
                            + "  fake pump seq=399 level=info")
                    .doesNotContain("not seen in time");
            assertThat(exitCode).as(demo.output()).isZero();
        }
    }
}
