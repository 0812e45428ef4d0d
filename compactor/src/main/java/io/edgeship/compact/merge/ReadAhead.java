package io.edgeship.compact.merge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
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
    private final int sparesMax;
    private final Deque<byte[]> spares = new ArrayDeque<>(); // old windows, whose memory the next ones take
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param windowsMax that are fetched, or have been and wait for their reader
    ReadAhead(int windowsMax) {
        places = new Semaphore(windowsMax);
        sparesMax = windowsMax;
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

    /// Memory for a window of so many bytes, maybe longer.
    byte[] room(int length) {
        synchronized (spares) {
            for (Iterator<byte[]> it = spares.iterator(); it.hasNext(); ) {
                byte[] spare = it.next();
                if (spare.length >= length) {
                    it.remove();
                    return spare;
                }
            }
        }
        return new byte[length];
    }

    /// Takes a window that nobody reads any more.
    void give(byte[] window) {
        synchronized (spares) {
            if (spares.size() == sparesMax) {
                spares.removeFirst();
            }
            spares.addLast(window);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
