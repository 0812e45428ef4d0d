package io.edgeship.queue.link;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Before the store told the time, nobody knows whether a window is open or what is left of a budget: one small request
/// may go out to learn it. A try that put nothing on the wire does not count. Where one went out and no time came back,
/// the next waits, twice as long each time, up to an hour. Thread-safe.
final class TimeAsking {
    static final Duration PAUSE_MIN = Duration.ofMinutes(1);
    static final Duration PAUSE_MAX = Duration.ofHours(1);

    private final LongSupplier nanoTime;
    private boolean asked;
    private long askedAtNanos;
    private long sentBytesThen;
    private Duration pause = PAUSE_MIN;

    TimeAsking(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether one may go out now.
    ///
    /// @param sentBytes of all requests since the start
    synchronized boolean isDue(long sentBytes) {
        return !asked || sentBytes == sentBytesThen || nanoTime.getAsLong() - askedAtNanos >= pause.toNanos();
    }

    /// As [#isDue]; if so, it goes out.
    synchronized boolean ask(long sentBytes) {
        if (!isDue(sentBytes)) {
            return false;
        }
        if (asked && sentBytes != sentBytesThen) {
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
        }
        asked = true;
        askedAtNanos = nanoTime.getAsLong();
        sentBytesThen = sentBytes;
        return true;
    }
}
