package io.edgeship.queue.link;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/// Passes time; public so that whole days of a link can be played through in simulated time.
@FunctionalInterface
public interface Sleeper {
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
