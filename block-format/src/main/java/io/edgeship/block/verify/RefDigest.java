package io.edgeship.block.verify;

import org.jspecify.annotations.Nullable;

/// A sequence of references, remembered by length and a hash that depends on the order.
final class RefDigest {
    /// The 64-bit FNV-1a constants, as any good odd multiplier would do.
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private long count;
    private long hash = OFFSET;

    void add(long ref) {
        count++;
        hash = (hash ^ ref) * PRIME;
        hash ^= hash >>> 29;
    }

    long count() {
        return count;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RefDigest digest && digest.count == count && digest.hash == hash;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
