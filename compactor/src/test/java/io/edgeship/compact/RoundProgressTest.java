package io.edgeship.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.compact.merge.Progress;
import io.edgeship.runtime.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundProgressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void whatTakesLongIsOneLineForAllThatRuns() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(err, true, UTF_8);
        RoundProgress progress = new RoundProgress(new Terminal(printed, printed, false));
        progress.at("{site=\"a\"}", new Progress(1, 1, 1 << 20, 0));
        progress.ended("{site=\"a\"}");
        progress.ended("{site=\"never begun\"}");
        progress.at("{site=\"b\"}", new Progress(50, 100, 1 << 20, 0));
        assertThat(err.size()).as("nothing before it takes long").isZero();

        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (err.size() == 0 && System.nanoTime() < deadline) {
            progress.at("{site=\"c\"}", new Progress(1_000, 2_000, 1 << 20, 0));
        }

        assertThat(err.toString(UTF_8))
                .startsWith("compacting: 1,050 of 2,100 (50 %) series of 2 streams, 3.00 MiB read so far, ");
    }
}
