package io.edgeship.bucket.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/// One change of names at a time in a bucket directory, over all threads and all Edgeship processes
/// (Thanos knows nothing of it). Held for a rename, never while data is copied.
final class CommitLock {
    /// File locks belong to the process, so threads need one more. Never shrinks; a process opens few buckets.
    private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Path file;
    private final ReentrantLock threads;

    CommitLock(Path file) {
        this.file = file;
        this.threads = IN_THIS_PROCESS.computeIfAbsent(file, _ -> new ReentrantLock());
    }

    interface Change<T> {
        T make() throws IOException;
    }

    <T> T whileHeld(Change<T> change) throws IOException {
        threads.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assert held.isValid();
            return change.make();
        } finally {
            threads.unlock();
        }
    }
}
