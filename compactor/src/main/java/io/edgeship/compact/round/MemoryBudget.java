package io.edgeship.compact.round;

import java.util.ArrayDeque;
import java.util.Queue;

/// Memory that compactions side by side share. Whoever asked first is served first, so that a large one is not put off
/// for ever by small ones. Thread-safe.
final class MemoryBudget {
    /// Beside the work: what is known of the bucket, and what the newest objects take before they are collected.
    private static final long BASE_BYTES = 24L << 20;

    private static final long SLACK_BYTES = 16L << 20;

    private final long totalBytes;
    private final Queue<Object> waiting = new ArrayDeque<>(); // in the order in which they asked
    private long boundBytes = BASE_BYTES;
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
            keepWithin(); // what the one before left goes first: nobody looks while sources are opened
            freeBytes -= wanted;
            boundBytes = BASE_BYTES + totalBytes - freeBytes;
            return wanted;
        } finally {
            waiting.remove(turn);
            notifyAll();
        }
    }

    synchronized void giveBack(long bytes) {
        freeBytes += bytes;
        boundBytes = BASE_BYTES + totalBytes - freeBytes;
        notifyAll();
    }

    /// Has the heap collected where it holds more than what is at work was reckoned to take. A collector that knows of
    /// its limit only would let garbage grow up to that, and the process with it.
    synchronized void keepWithin() {
        if (usedBytes() <= boundBytes) {
            return;
        }
        System.gc();
        boundBytes = Math.max(boundBytes, usedBytes() + SLACK_BYTES); // reckoned wrong: not over and over
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
