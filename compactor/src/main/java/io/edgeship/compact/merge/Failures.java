package io.edgeship.compact.merge;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// What went wrong in another thread, as the one that waits for it throws it.
final class Failures {
    private Failures() {}

    /// The exception to be thrown; one of a kind that says nothing of input or output is thrown at once.
    static IOException ofTask(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof RuntimeException bug) {
            throw bug;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }
}
