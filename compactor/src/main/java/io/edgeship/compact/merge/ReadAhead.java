package io.edgeship.compact.merge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Fetches windows that will be needed soon, so that the merge need not wait: as many at once as memory was set aside
/// for. Thread-safe.
final class ReadAhead implements Closeable {
    private final Semaphore places;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param windowsMax that are fetched, or have been and wait for their reader
    ReadAhead(int windowsMax) {
        places = new Semaphore(windowsMax);
    }

    /// A window that is under way.
    final class Ahead {
        private final Future<byte[]> bytes;

        private Ahead(Future<byte[]> bytes) {
            this.bytes = bytes;
        }

        /// Waits for it. To be called once, or [#drop].
        byte[] take() throws IOException {
            try {
                return bytes.get();
            } catch (ExecutionException e) {
                throw Failures.ofTask(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
            } finally {
                places.release();
            }
        }

        void drop() {
            bytes.cancel(true);
            places.release();
        }
    }

    /// Begins to fetch, or gives null where all places are taken.
    @Nullable Ahead begin(Callable<byte[]> fetch) {
        return places.tryAcquire() ? new Ahead(threads.submit(fetch)) : null;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
