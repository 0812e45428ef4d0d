package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.function.Supplier;

/// When an item that is awaited in vain is to be told again: after the interval, then after twice as long each time.
/// Counts from the first question in this process. Bounded: what is forgotten waits anew. Not thread-safe.
final class Reminders {
    static final Duration INTERVAL_MAX = Duration.ofDays(7);

    private final Supplier<StoreClock> clock;
    private final Duration first;
    private final LinkedHashMap<BlockId, Wait> waits = new LinkedHashMap<>();

    private record Wait(Duration since, Duration interval) {}

    Reminders(Supplier<StoreClock> clock, Duration first) {
        this.clock = clock;
        this.first = first;
    }

    /// The first question only begins the wait.
    boolean isDue(BlockId id) {
        Duration now = now();
        Wait wait = waits.get(id);
        if (wait == null) {
            note(id, new Wait(now, first));
            return false;
        }
        return now.minus(wait.since()).compareTo(wait.interval()) >= 0;
    }

    /// The item was told again just now.
    void told(BlockId id) {
        Wait wait = waits.get(id);
        Duration doubled = wait == null ? first : wait.interval().multipliedBy(2);
        note(id, new Wait(now(), doubled.compareTo(INTERVAL_MAX) < 0 ? doubled : INTERVAL_MAX));
    }

    /// It is awaited no longer.
    void forget(BlockId id) {
        waits.remove(id);
    }

    private void note(BlockId id, Wait wait) {
        waits.put(id, wait);
        if (waits.size() > AwaitedItems.SIZE_MAX) {
            waits.pollFirstEntry();
        }
    }

    /// By the store's clock (I6), which goes on while the machine sleeps; by the machine's uptime while no reply has
    /// told the time. Should the one follow the other, an item is told early: that costs one manifest.
    private Duration now() {
        return clock.get()
                .now()
                .map(now -> Duration.between(Instant.EPOCH, now))
                .orElseGet(() -> Duration.ofNanos(System.nanoTime()));
    }
}
