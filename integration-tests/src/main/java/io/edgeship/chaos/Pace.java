package io.edgeship.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One direction's bandwidth, shared by all who use it: whoever took bytes waits until they would have gone.
/// Thread-safe.
final class Pace {
    private long freeAtNanos = System.nanoTime();

    void await(long bytes, long bytesPerSecond) {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return;
        }
        long until;
        synchronized (this) {
            double nanos = 1e9 * (double) bytes / (double) bytesPerSecond;
            freeAtNanos = Math.max(freeAtNanos, System.nanoTime()) + (long) nanos;
            until = freeAtNanos;
        }
        sleepUntil(until);
    }

    static void sleep(Duration time) {
        sleepUntil(System.nanoTime() + time.toNanos());
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }
}
