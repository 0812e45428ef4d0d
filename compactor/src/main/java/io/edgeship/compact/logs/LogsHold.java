package io.edgeship.compact.logs;

import io.edgeship.compact.lock.StreamLock;
import java.io.IOException;

/// The lock of the role `logs` while a cycle works: asked before anything that two must not do. Not thread-safe.
final class LogsHold {
    private final StreamLock lock;
    private boolean lost;

    LogsHold(StreamLock lock) {
        this.lock = lock;
    }

    /// Now and then, while long work goes on.
    ///
    /// @throws IOException if another compactor has taken the lock, or the store cannot be asked
    void keep() throws IOException {
        require(lock.keep());
    }

    /// Before an answer, or a note of what has come.
    void assure() throws IOException {
        require(lock.assure());
    }

    /// Before indexes are written.
    void renew() throws IOException {
        require(lock.renew());
    }

    /// Whether nothing more may be begun.
    boolean isLost() {
        return lost;
    }

    private void require(StreamLock.Hold hold) throws IOException {
        if (hold == StreamLock.Hold.LOST) {
            lost = true;
            throw new IOException("another compactor has taken the lock of the role logs");
        }
    }
}
