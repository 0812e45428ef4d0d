package io.edgeship.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// The time of a thread that ships, which passes at once where it waits. Something may happen each time that it does.
/// Used by one thread.
final class WaitingTime implements Resting.Pause {
    final List<Duration> parked = new ArrayList<>();
    private final LongConsumer event;
    private long nanos;

    /// @param event is told the time, in nanoseconds since the beginning, after each wait
    WaitingTime(LongConsumer event) {
        this.event = event;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void park(Object blocker, long nanosLong) {
        parked.add(Duration.ofNanos(nanosLong));
        pass(Duration.ofNanos(nanosLong));
        event.accept(nanos);
    }

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    Duration passed() {
        return Duration.ofNanos(nanos);
    }
}
