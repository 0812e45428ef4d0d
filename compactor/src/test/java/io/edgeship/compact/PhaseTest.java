package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PhaseTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Test
    void oneThatTakesLongSaysSoMeanwhileAndOnceItIsOver() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        try (Phase _ = Phase.of("listing", Duration.ZERO, line -> {
            lines.add(line);
            told.countDown();
        })) {
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(lines).containsExactly("listing goes on");
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.getLast()).matches("listing took \\d+ ms");
    }

    @Test
    void oneThatIsSoonOverSaysNothing() {
        try (Phase _ = Phase.of("listing", Duration.ofHours(1), lines::add)) {
            assertThat(lines).isEmpty();
        }
        assertThat(lines).isEmpty();
    }
}
