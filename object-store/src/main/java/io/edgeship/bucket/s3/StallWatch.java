package io.edgeship.bucket.s3;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Looks after requests that may stand still: one daemon thread, which sleeps while none is under way. Thread-safe.
final class StallWatch implements AutoCloseable {
    private static final long LOOK_NANOS_MIN = Duration.ofMillis(20).toNanos();
    private static final long LOOK_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final Set<Watched> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// A request under way.
    interface Watched {
        /// How long it may yet stand still; negative once that is over.
        long patienceNanos();

        /// Called for as long as the request is overdue: one cut may come too early to take effect.
        void cut();
    }

    void begin(Watched request) {
        underWay.add(request);
        LockSupport.unpark(started());
    }

    void end(Watched request) {
        underWay.remove(request);
    }

    private synchronized Thread started() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("stall-watch").start(this::watch);
        }
        return thread;
    }

    private void watch() {
        while (!closed) {
            long patience = Long.MAX_VALUE;
            for (Watched request : underWay) {
                long left = request.patienceNanos();
                if (left < 0) {
                    request.cut();
                }
                patience = Math.min(patience, left);
            }
            if (patience == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, Math.clamp(patience, LOOK_NANOS_MIN, LOOK_NANOS_MAX));
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
