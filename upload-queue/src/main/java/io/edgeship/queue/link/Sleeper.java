package io.edgeship.queue.link;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/// Passes time.
@FunctionalInterface
interface Sleeper {
    /// The calling thread's own sleep.
    Sleeper SYSTEM = nanos -> {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("waiting for the link's rate");
            interrupted.initCause(e);
            throw interrupted;
        }
    };

    void sleep(long nanos) throws InterruptedIOException;
}
