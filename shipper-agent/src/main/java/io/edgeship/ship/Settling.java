package io.edgeship.ship;

import io.edgeship.queue.Item;
import io.edgeship.queue.ItemKind;
import java.time.Duration;
import java.time.InstantSource;

/// How long a new block is left lying before it is shipped. With out-of-order ingestion Prometheus writes two blocks of
/// a window one after the other and merges them at once; shipped in between, the first would be in the bucket alone and
/// the merged one could not follow it. A tenth of the block's own time, a minute at most, costs a delayed dashboard
/// nothing.
final class Settling {
    private static final int SHARE = 10;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final InstantSource clock;

    /// @param clock of this machine, by which Prometheus names its blocks
    Settling(InstantSource clock) {
        this.clock = clock;
    }

    /// Zero for a block that may go, and for log chunks: nothing takes their place.
    Duration left(Item item) {
        if (item.kind() == ItemKind.LOGS) {
            return Duration.ZERO;
        }
        long range = item.range().maxTime() - item.range().minTime();
        long settled = Math.min(LONGEST.toMillis(), range / SHARE);
        long age = clock.millis() - item.id().timeMillis();
        boolean clockWasSetBack = age < 0;
        return clockWasSetBack || age >= settled ? Duration.ZERO : Duration.ofMillis(settled - age);
    }
}
