package io.edgeship.compact.round;

import java.util.ArrayDeque;
import java.util.Queue;

/// Memory that compactions side by side share. Whoever asked first is served first, so that a large one is not put off
/// for ever by small ones. Thread-safe.
final class MemoryBudget {
    /// Beside the work: what is known of the bucket, and what the newest objects take before they are collected.
    private static final long BASE_BYTES = 12L << 20;

    /// Plans are reckoned for the worst. Most hold less, and the rest would fill with garbage.
    private static final double HELD_SHARE = 0.75;

    private static final long SLACK_BYTES = 16L << 20;

    private final long totalBytes;
    private final Heap heap;
    private final Queue<Object> waiting = new ArrayDeque<>(); // in the order in which they asked
    private long boundBytes = BASE_BYTES;
    private long freeBytes;
    private long heapBytes; // of what is taken

    MemoryBudget(long totalBytes) {
        this(totalBytes, new Heap() {
            @Override
            public long usedBytes() {
                Runtime runtime = Runtime.getRuntime();
                return runtime.totalMemory() - runtime.freeMemory();
            }

            @Override
            public void collect() {
                System.gc();
            }
        });
    }

    MemoryBudget(long totalBytes, Heap heap) {
        this.totalBytes = totalBytes;
        this.heap = heap;
        freeBytes = totalBytes;
    }

    /// The Java heap, garbage included.
    interface Heap {
        long usedBytes();

        void collect();
    }

    /// What was taken, to be given back.
    record Share(long bytes, long heapBytes) {}

    /// Waits until so much is free. What is more than the whole gets the whole. Whoever is interrupted leaves the
    /// queue.
    ///
    /// @param outsideBytes of them outside the heap
    synchronized Share take(long bytes, long outsideBytes) throws InterruptedException {
        long wanted = Math.min(bytes, totalBytes);
        Share share = new Share(wanted, Math.max(0, wanted - outsideBytes));
        Object turn = new Object();
        waiting.add(turn);
        try {
            while (!turn.equals(waiting.peek()) || freeBytes < wanted) {
                wait();
            }
            keepWithin(); // what the one before left goes first: nobody looks while sources are opened
            freeBytes -= wanted;
            heapBytes += share.heapBytes();
            boundBytes = bound();
            return share;
        } finally {
            waiting.remove(turn);
            notifyAll();
        }
    }

    synchronized void giveBack(Share share) {
        freeBytes += share.bytes();
        heapBytes -= share.heapBytes();
        boundBytes = bound();
        notifyAll();
    }

    private long bound() {
        return BASE_BYTES + (long) (HELD_SHARE * (double) heapBytes);
    }

    /// Has the heap collected where it holds more than what is at work was reckoned to take. A collector that knows of
    /// its limit only would let garbage grow up to that, and the process with it.
    synchronized void keepWithin() {
        if (heap.usedBytes() <= boundBytes) {
            return;
        }
        heap.collect();
        boundBytes = Math.max(boundBytes, heap.usedBytes() + SLACK_BYTES); // reckoned wrong: not over and over
    }
}
