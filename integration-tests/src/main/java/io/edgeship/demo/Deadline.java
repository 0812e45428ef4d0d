package io.edgeship.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The moment by which something must have happened. Waiting polls, so it ends as soon as it can; what did not come in
/// time is named.
public final class Deadline {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Duration limit;
    private final long atNanos;

    private Deadline(Duration limit) {
        this.limit = limit;
        atNanos = System.nanoTime() + limit.toNanos();
    }

    public static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    public boolean passed() {
        return System.nanoTime() - atNanos >= 0;
    }

    /// Waits until `condition` holds and returns true, or false once the deadline has passed.
    public boolean reached(Condition condition) throws IOException, InterruptedException {
        while (!condition.holds()) {
            if (passed()) {
                return false;
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }

    /// Waits until `condition` holds.
    ///
    /// @param what what is waited for, as it ends "waited 30 s for …"
    /// @throws IOException if it did not come in time
    public void await(String what, Condition condition) throws IOException, InterruptedException {
        if (!reached(condition)) {
            throw new IOException("waited %d s for %s".formatted(limit.toSeconds(), what));
        }
    }

    /// Something that comes true some time later.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
