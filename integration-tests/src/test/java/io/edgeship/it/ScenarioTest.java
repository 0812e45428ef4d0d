package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.memory.MemoryDirectory;
import io.edgeship.runtime.log.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random scenarios: whatever Prometheus, the machine, the link and the store do, the bucket holds in the end what
/// Prometheus had, but for what the agent reports.
class ScenarioTest {
    private static final int COUNT = Integer.getInteger("edgeship.scenarios", 50);
    private static final long SEED = Long.getLong("edgeship.seed", 1);

    /// More would only bury the first.
    private static final int FAILURES_MAX = 10;

    @TempDir(factory = MemoryDirectory.class)
    private Path dir;

    @Test
    void theBucketHoldsWhatPrometheusHadAndWasNotReported() throws Exception {
        Logs.configure(Logs.Format.LOGFMT, Logs.Level.valueOf(System.getProperty("edgeship.log", "ERROR")));
        Scenario.Outcome all = Scenario.Outcome.NONE;
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < COUNT && failures.size() < FAILURES_MAX; i++) {
            long seed = SEED + i;
            Path home = Files.createDirectory(dir.resolve("seed-" + seed));
            try (Scenario scenario = new Scenario(home, seed)) {
                all = all.plus(scenario.run());
            } catch (IOException | RuntimeException | AssertionError e) {
                failures.add(failure(seed, e));
            }
            Scenario.delete(home);
        }
        System.out.printf("%d scenarios from seed %d: %s%n", COUNT, SEED, all);
        assertThat(failures).isEmpty();
        assertThat(all.shipped()).isPositive();
    }

    private static String failure(long seed, Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return "seed " + seed + ": " + text;
    }
}
