package io.edgeship.queue.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Time that passes only when it is told to, or slept away.
final class TestTime {
    private long nanos;
    private Instant store;
    private boolean known = true;

    TestTime(String store) {
        this.store = Instant.parse(store);
    }

    synchronized long nanos() {
        return nanos;
    }

    synchronized Optional<Instant> store() {
        return known ? Optional.of(store) : Optional.empty();
    }

    synchronized void pass(Duration duration) {
        nanos += duration.toNanos();
        store = store.plus(duration);
    }

    synchronized void sleep(long nanos) {
        pass(Duration.ofNanos(nanos));
    }

    synchronized void storeSays(String time) {
        store = Instant.parse(time);
    }

    synchronized void known(boolean known) {
        this.known = known;
    }
}
