package io.edgeship.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow

    private Progress progress(boolean interactive) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Progress(new Terminal(stream, stream, interactive), "verifying", nanos::get);
    }

    @Test
    void shortWorkStaysQuiet() {
        try (Progress progress = progress(true)) {
            nanos.addAndGet(1_900_000_000);
            progress.update(5, 10, "blocks");
        }
        assertThat(err.size()).isZero();
    }

    @Test
    void longWorkPrintsALineEveryTenSecondsIntoALog() {
        try (Progress progress = progress(false)) {
            nanos.addAndGet(2_000_000_000);
            progress.update(5, 10, "blocks");
            nanos.addAndGet(9_000_000_000L);
            progress.update(6, 10, "blocks");
            nanos.addAndGet(1_000_000_000);
            progress.update(1_234, 0, "blocks");
        }
        assertThat(err).hasToString("verifying: 5 of 10 (50 %) blocks, 2 s\nverifying: 1,234 blocks, 12 s\n");
    }

    @Test
    void terminalLineIsWipedInTheEnd() {
        try (Progress progress = progress(true)) {
            nanos.addAndGet(2_000_000_000);
            progress.update(5, 10, "blocks");
        }
        assertThat(err).hasToString("\r\033[Kverifying: 5 of 10 (50 %) blocks, 2 s\r\033[K");
    }
}
