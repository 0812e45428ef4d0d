package io.edgeship.compact.merge;

import io.edgeship.runtime.concurrent.Tasks;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Fetches windows that will be needed soon, so that the merge need not wait: as many at once as memory was set aside
/// for. Thread-safe.
final class ReadAhead implements Closeable {
    private final Semaphore places;
    private final WindowMemory memory = new WindowMemory();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param windowsMax that are fetched, or have been and wait for their reader
    ReadAhead(int windowsMax) {
        places = new Semaphore(windowsMax);
    }

    /// A window that is under way.
    final class Ahead {
        private final Future<MemorySegment> bytes;

        private Ahead(Future<MemorySegment> bytes) {
            this.bytes = bytes;
        }

        /// Waits for it. To be called once, or [#drop].
        MemorySegment take() throws IOException {
            try {
                return Tasks.await(bytes, "reading");
            } finally {
                places.release();
            }
        }

        void drop() {
            if (!bytes.cancel(true) && bytes.state() == Future.State.SUCCESS) {
                memory.give(bytes.resultNow());
            } // else somebody may still write to it: it is lost until all of it is given back
            places.release();
        }
    }

    /// Begins to fetch, or gives null where all places are taken.
    @Nullable Ahead begin(Callable<MemorySegment> fetch) {
        return places.tryAcquire() ? new Ahead(threads.submit(fetch)) : null;
    }

    /// For the windows.
    WindowMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        release();
    }

    /// Ends what is under way, and takes the memory of all windows back. Nothing is read through them any more.
    void release() {
        threads.shutdownNow();
        threads.close();
        memory.close();
    }
}
