package io.edgeship.ship;

import io.edgeship.block.BlockId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// What failed is tried again, ever more rarely, for reading and writing a whole block costs much. Not thread-safe.
final class Retries {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final int DOUBLINGS_MAX = 6;

    private final Map<BlockId, Failure> failures = new HashMap<>();

    private record Failure(int times, long atNanos) {
        boolean isOver() {
            long pause = FIRST_PAUSE.toNanos() << Math.min(times - 1, DOUBLINGS_MAX);
            return System.nanoTime() - atNanos >= pause;
        }
    }

    /// False for a while after a failure.
    boolean mayTry(BlockId id) {
        Failure failure = failures.get(id);
        return failure == null || failure.isOver();
    }

    void failed(BlockId id) {
        failures.merge(
                id, new Failure(1, System.nanoTime()), (before, now) -> new Failure(before.times() + 1, now.atNanos()));
    }

    /// Forgets what was let go of.
    void retain(Collection<BlockId> ids) {
        failures.keySet().retainAll(ids);
    }
}
