package io.edgeship.runtime.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waits for work that another thread does, and throws what it failed by as if it had been done here. Stateless.
public final class Tasks {
    private Tasks() {}

    /// @param doing what ends if this thread is interrupted, as in "interrupted while reading"
    /// @throws InterruptedIOException if it is; the thread is marked so again, and the task goes on
    public static <T> T await(Future<T> task, String doing) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while " + doing).initCause(e);
        }
    }

    /// The exception to be thrown; one of a kind that says nothing of input or output is thrown at once.
    public static IOException failure(ExecutionException e) {
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
