package io.edgeship.compact.round;

import java.util.ArrayDeque;
import java.util.Queue;

/// Memory that compactions side by side share. Whoever asked first is served first, so that a large one is not put off
/// for ever by small ones. Thread-safe.
final class MemoryBudget {
    private final long totalBytes;
    private final Queue<Object> waiting = new ArrayDeque<>(); // in the order in which they asked
    private long freeBytes;

    MemoryBudget(long totalBytes) {
        this.totalBytes = totalBytes;
        freeBytes = totalBytes;
    }

    /// Waits until so much is free. What is more than the whole gets the whole. Whoever is interrupted leaves the
    /// queue.
    ///
    /// @return what was taken, to be given back
    synchronized long take(long bytes) throws InterruptedException {
        long wanted = Math.min(bytes, totalBytes);
        Object turn = new Object();
        waiting.add(turn);
        try {
            while (!turn.equals(waiting.peek()) || freeBytes < wanted) {
                wait();
            }
            freeBytes -= wanted;
            return wanted;
        } finally {
            waiting.remove(turn);
            notifyAll();
        }
    }

    synchronized void giveBack(long bytes) {
        freeBytes += bytes;
        notifyAll();
    }
}
