package io.edgeship.ship.rewrite;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what was written anew. Thread-safe.
public final class RewriteMeter {
    private final AtomicLong rewrites = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();

    /// @param peakRssBytes of the child; 0 where it is not known
    void done(long tookNanos, long peakRssBytes) {
        rewrites.incrementAndGet();
        nanos.addAndGet(tookNanos);
        peakBytes.accumulateAndGet(peakRssBytes, Math::max);
    }

    void failed(long tookNanos) {
        failures.incrementAndGet();
        nanos.addAndGet(tookNanos);
    }

    public long rewrites() {
        return rewrites.get();
    }

    public long failures() {
        return failures.get();
    }

    public long nanos() {
        return nanos.get();
    }

    /// The largest resident memory that a child had; 0 before the first, or where it is not known.
    public long peakBytes() {
        return peakBytes.get();
    }
}
