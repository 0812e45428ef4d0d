package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkWatchTest {
    @TempDir
    private Path interfaces;

    private long nanos;
    private boolean reachable;
    private int probes;

    @Test
    void aStoreThatCanBeReachedAgainEndsTheWaitWithinSeconds() {
        LinkWatch watch = watch();
        assertThat(watch.isBack()).isFalse();
        reachable = true;
        for (int second = 1; second < 5; second++) {
            later(Duration.ofSeconds(1));
            assertThat(watch.isBack()).as("after %d s", second).isFalse();
        }
        later(Duration.ofSeconds(1));
        assertThat(watch.isBack()).isTrue();
        assertThat(probes).isEqualTo(2);
    }

    @Test
    void aStoreThatIsReachableAndFailsAllTheSameIsWaitedFor() {
        reachable = true;
        LinkWatch watch = watch();
        for (int probe = 0; probe < 20; probe++) {
            assertThat(watch.isBack()).isFalse();
            later(LinkWatch.BETWEEN_PROBES);
        }
    }

    /// The failure that began the wait came a moment before the link did.
    @Test
    void whatWasUnreachableInTheWaitBeforeCountsAsBack() {
        LinkWatch watch = watch();
        assertThat(watch.isBack()).isFalse();
        later(Duration.ofMinutes(1));
        reachable = true;
        assertThat(watch.isBack()).isTrue();
        later(LinkWatch.BETWEEN_PROBES);
        assertThat(watch.isBack()).isFalse();
    }

    @Test
    void anInterfaceThatComesUpEndsTheWaitAtOnce() throws IOException {
        state("lo", "unknown");
        state("wwan0", "down");
        LinkWatch watch = watch();
        assertThat(watch.isBack()).isFalse();
        state("wwan0", "up");
        assertThat(watch.isBack()).isTrue();
        assertThat(watch.isBack()).isFalse();
    }

    @Test
    void aNewInterfaceThatIsUpCountsAndTheLoopbackDoesNot() throws IOException {
        LinkWatch watch = watch();
        state("lo", "up");
        assertThat(watch.isBack()).isFalse();
        state("ppp0", "up");
        assertThat(watch.isBack()).isTrue();
    }

    @Test
    void whereTheSystemDoesNotTellTheProbeDoes() {
        LinkWatch watch = new LinkWatch(interfaces.resolve("none"), this::reaches, () -> nanos);
        assertThat(watch.isBack()).isFalse();
        reachable = true;
        later(LinkWatch.BETWEEN_PROBES);
        assertThat(watch.isBack()).isTrue();
    }

    private LinkWatch watch() {
        return new LinkWatch(interfaces, this::reaches, () -> nanos);
    }

    private boolean reaches() {
        probes++;
        return reachable;
    }

    private void later(Duration time) {
        nanos += time.toNanos();
    }

    private void state(String name, String operstate) throws IOException {
        Files.writeString(Files.createDirectories(interfaces.resolve(name)).resolve("operstate"), operstate + "\n");
    }
}
