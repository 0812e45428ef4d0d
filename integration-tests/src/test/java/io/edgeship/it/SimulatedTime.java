package io.edgeship.it;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Time that passes only when it is told to. Used by one thread.
final class SimulatedTime implements InstantSource {
    private final Instant begin;
    private long nanos;

    SimulatedTime(Instant begin) {
        this.begin = begin;
    }

    @Override
    public Instant instant() {
        return begin.plusNanos(nanos);
    }

    long nanos() {
        return nanos;
    }

    void sleep(long nanosLong) {
        nanos += nanosLong;
    }

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    /// Passes until then, if it is not past already.
    void passUntil(Instant then) {
        nanos = Math.max(nanos, Duration.between(begin, then).toNanos());
    }
}
