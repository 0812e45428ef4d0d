package io.edgeship.compact.lock;

import java.time.Instant;

/// What came of asking for a stream's lock.
public sealed interface Acquired {
    /// It is ours until it is released or [StreamLock.Hold#LOST].
    record Held(StreamLock lock) implements Acquired {}

    /// Another compactor has it.
    ///
    /// @param holder what it calls itself; "unknown" where its lock cannot be read
    /// @param until  when it counts as gone unless it renews, by the store's clock
    record Busy(String holder, Instant until) implements Acquired {}

    /// It is free, but another compactor had it since the bucket was listed: plans are made anew from a new listing.
    record Stale(Instant lastUsed) implements Acquired {}
}
