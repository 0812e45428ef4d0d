package io.edgeship.compact.round;

/// Memory that compactions side by side share. Whoever asked first is served first, so that a large one is not put
/// off
/// for ever by small ones. Thread-safe.
final class MemoryBudget {
    private final long totalBytes;
    private long freeBytes;
    private long nextTicket;
    private long serving;

    MemoryBudget(long totalBytes) {
        this.totalBytes = totalBytes;
        freeBytes = totalBytes;
    }

    /// Waits until so much is free. What is more than the whole gets the whole.
    ///
    /// @return what was taken, to be given back
    synchronized long take(long bytes) throws InterruptedException {
        long wanted = Math.min(bytes, totalBytes);
        long ticket = nextTicket++;
        while (ticket != serving || freeBytes < wanted) {
            wait();
        }
        serving++;
        freeBytes -= wanted;
        notifyAll();
        return wanted;
    }

    synchronized void giveBack(long bytes) {
        freeBytes += bytes;
        notifyAll();
    }
}
