package io.edgeship.queue.link;

import java.io.InterruptedIOException;
import java.util.function.LongSupplier;

/// Lets so many bytes a second pass, and after a rest a burst at once. Who asks first is served first. Thread-safe; the
/// rate may change while somebody waits, which is seen within a second.
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long WAIT_NANOS_MAX = 1_000_000_000;

    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private long bytesPerSecond;
    private long burstBytes;
    private double allowed; // bytes since the beginning, what was asked for and is not allowed yet included
    private long asked;
    private long countedAt;

    /// @param bytesPerSecond more than 0; [LinkConfig#UNLIMITED] for no waiting
    TokenBucket(long bytesPerSecond, long burstBytes, LongSupplier nanoTime, Sleeper sleeper) {
        this.bytesPerSecond = checked(bytesPerSecond);
        this.burstBytes = burstBytes;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        allowed = burstBytes;
        countedAt = nanoTime.getAsLong();
    }

    /// Waits until `bytes` more may pass. More than a burst may be asked for; it waits the longer.
    void take(long bytes) throws InterruptedIOException {
        long turn = turn(bytes);
        for (long wait = waitNanos(turn); wait > 0; wait = waitNanos(turn)) {
            sleeper.sleep(Math.min(wait, WAIT_NANOS_MAX));
        }
    }

    /// What passed until now did so at the rate before.
    synchronized void rate(long bytesPerSecond, long burstBytes) {
        count();
        this.bytesPerSecond = checked(bytesPerSecond);
        this.burstBytes = burstBytes;
        count(); // what was saved up may be more than the new burst
    }

    synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    private synchronized long turn(long bytes) {
        count();
        asked += bytes;
        return asked;
    }

    private synchronized long waitNanos(long turn) {
        count();
        double missing = turn - allowed;
        return missing <= 0 ? 0 : (long) Math.ceil(missing / bytesPerSecond * NANOS_PER_SECOND);
    }

    private void count() {
        long now = nanoTime.getAsLong();
        double savedUp = (double) asked + burstBytes;
        double passed = bytesPerSecond == LinkConfig.UNLIMITED
                ? Double.POSITIVE_INFINITY
                : (now - countedAt) / NANOS_PER_SECOND * bytesPerSecond;
        allowed = Math.min(savedUp, allowed + passed);
        countedAt = now;
    }

    private static long checked(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException(bytesPerSecond + " bytes a second would wait for ever");
        }
        return bytesPerSecond;
    }
}
