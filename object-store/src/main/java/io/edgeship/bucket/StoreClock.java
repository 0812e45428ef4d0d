package io.edgeship.bucket;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// The store's time: the `Date` header seen last, plus the monotonic clock since (I6: the edge's wall clock is not
/// trusted). Thread-safe.
public final class StoreClock {
    private final InstantSource wallClock;
    private final LongSupplier nanoTime;
    private final CertificateClock certificates;
    private final AtomicReference<Optional<Seen>> seen = new AtomicReference<>(Optional.empty());

    private record Seen(Instant date, long atNanos) {}

    public StoreClock(InstantSource wallClock, LongSupplier nanoTime) {
        this(wallClock, nanoTime, BuildTime.read());
    }

    /// @param built when this build was made: no certificate that had expired by then is taken
    public StoreClock(InstantSource wallClock, LongSupplier nanoTime, Instant built) {
        this.wallClock = wallClock;
        this.nanoTime = nanoTime;
        certificates = new CertificateClock(built, nanoTime);
    }

    public static StoreClock system() {
        return new StoreClock(InstantSource.system(), System::nanoTime);
    }

    /// Takes note of a reply's `Date`.
    public void saw(Instant date) {
        seen.set(Optional.of(new Seen(date, nanoTime.getAsLong())));
    }

    /// The store's time now, or empty before the first reply.
    public Optional<Instant> now() {
        return seen.get().map(last -> last.date().plusNanos(nanoTime.getAsLong() - last.atNanos()));
    }

    /// When the store answered last, by its own clock; empty before the first reply.
    public Optional<Instant> lastReply() {
        return seen.get().map(Seen::date);
    }

    /// The store's time, or the wall clock's before the first reply. Good enough to sign a request with, for its
    /// refusal tells the store's, and to date a note.
    public Instant bestTime() {
        return now().orElseGet(wallClock::instant);
    }

    /// By which certificates are checked.
    public CertificateClock certificates() {
        return certificates;
    }

    /// The wall clock minus the store's, or empty before the first reply.
    public Optional<Duration> skew() {
        return now().map(storeNow -> Duration.between(storeNow, wallClock.instant()));
    }
}
