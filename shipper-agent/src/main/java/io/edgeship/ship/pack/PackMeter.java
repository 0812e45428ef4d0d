package io.edgeship.ship.pack;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what was packed. Thread-safe.
public final class PackMeter {
    private final AtomicLong packs = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong rawBytes = new AtomicLong();
    private final AtomicLong packedBytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();

    /// A block has its pack.
    public void packed(long raw, long packed) {
        packs.incrementAndGet();
        rawBytes.addAndGet(raw);
        packedBytes.addAndGet(packed);
    }

    /// A block could not be packed, and goes as its files.
    public void failed() {
        failures.incrementAndGet();
    }

    void worked(long tookNanos) {
        nanos.addAndGet(tookNanos);
    }

    /// @param rssBytes of a child; 0 where it is not known
    void peak(long rssBytes) {
        peakBytes.accumulateAndGet(rssBytes, Math::max);
    }

    public long packs() {
        return packs.get();
    }

    public long failures() {
        return failures.get();
    }

    /// Of the blocks that were packed.
    public long rawBytes() {
        return rawBytes.get();
    }

    public long packedBytes() {
        return packedBytes.get();
    }

    /// How long children worked, unpacking included.
    public long nanos() {
        return nanos.get();
    }

    /// The largest resident memory that a child had; 0 before the first, or where it is not known.
    public long peakBytes() {
        return peakBytes.get();
    }
}
