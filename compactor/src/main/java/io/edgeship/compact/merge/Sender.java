package io.edgeship.compact.merge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Sends parts while the next ones are filled: one at a time, so that no more than one part's memory is waiting for
/// the store. Thread-safe.
final class Sender implements Closeable {
    private final Semaphore free = new Semaphore(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BufferPool pool;

    /// @param partBytes of one part
    Sender(int partBytes) {
        pool = new BufferPool(partBytes);
    }

    BufferPool pool() {
        return pool;
    }

    /// Waits for the part before, of whatever file, then begins.
    <T> Future<T> send(Callable<T> request) throws IOException {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while writing").initCause(e);
        }
        try {
            return threads.submit(() -> {
                try {
                    return request.call();
                } finally {
                    free.release();
                }
            });
        } catch (RuntimeException e) {
            free.release();
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
