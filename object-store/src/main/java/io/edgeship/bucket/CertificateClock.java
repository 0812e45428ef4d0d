package io.edgeship.bucket;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// The least that the time can be, by which certificates are checked (I6): the build's time, or what a store said last
/// whose certificate was good then, plus the monotonic clock since. The wall clock has no say. Thread-safe.
///
/// What was said *last* counts, not the latest of all: a store whose clock was years ahead for a while sets right
/// itself what it said.
public final class CertificateClock {
    private final Instant built;
    private final LongSupplier nanoTime;
    private final AtomicReference<Optional<Said>> said = new AtomicReference<>(Optional.empty());

    private record Said(Instant time, long atNanos) {}

    CertificateClock(Instant built, LongSupplier nanoTime) {
        this.built = built;
        this.nanoTime = nanoTime;
    }

    /// Takes note of a time that can be relied on: a reply's, after its certificate was found valid then, or one that
    /// was kept from before a restart.
    public void trust(Instant time) {
        said.set(Optional.of(new Said(time, nanoTime.getAsLong())));
    }

    /// It is no earlier than this.
    public Instant atLeast() {
        return trusted().filter(built::isBefore).orElse(built);
    }

    /// What was trusted last, moved on; empty if nothing was. To be kept over a restart.
    public Optional<Instant> trusted() {
        return said.get().map(last -> last.time().plusNanos(nanoTime.getAsLong() - last.atNanos()));
    }
}
