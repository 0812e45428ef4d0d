package io.edgeship.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The link that all connections of a proxy share: what it lets through, when, and how much went. Thread-safe.
final class Link {
    private static final int READ_BYTES_MAX = 16 << 10;
    private static final int READS_PER_SECOND = 20;

    private final Runnable cutAll;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final Pace upwards = new Pace();
    private final Pace downwards = new Pace();
    private Faults faults = Faults.seeded(0);
    private Random random = new Random(0);
    private long untilCutBytes = Long.MAX_VALUE;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile Duration roundTrip = Duration.ZERO;
    private @Nullable Outage outage;

    /// @param cutAll resets every connection there is
    Link(Runnable cutAll) {
        this.cutAll = cutAll;
    }

    synchronized void change(Faults next) {
        faults = next;
        random = new Random(next.seed());
        bytesPerSecond = next.first(Fault.Throttle.class)
                .map(Fault.Throttle::bytesPerSecond)
                .orElse(Long.MAX_VALUE);
        roundTrip = next.first(Fault.RoundTrip.class).map(Fault.RoundTrip::time).orElse(Duration.ZERO);
        untilCutBytes = drawCut();
    }

    private long drawCut() {
        Optional<Fault.Cuts> every = faults.first(Fault.Cuts.class);
        return every.isEmpty()
                ? Long.MAX_VALUE
                : 1
                        + (long) (-Math.log(1 - random.nextDouble())
                                * (double) every.get().meanBytes());
    }

    synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    synchronized void outage(@Nullable Outage now) {
        outage = now;
        notifyAll();
    }

    /// How many bytes may be read from a client at once. Cuts the link first, where that is due.
    int allowance() {
        boolean due;
        long left;
        synchronized (this) {
            due = untilCutBytes <= 0;
            if (due) {
                untilCutBytes = drawCut();
            }
            left = untilCutBytes;
        }
        if (due) {
            cut();
        }
        long smooth = Math.max(256, bytesPerSecond / READS_PER_SECOND);
        return (int) Math.min(Math.min(left, smooth), READ_BYTES_MAX);
    }

    void cut() {
        cuts.incrementAndGet();
        cutAll.run();
    }

    /// Bytes of a client's came in and may go on as soon as this returns.
    ///
    /// @return false if they are lost
    boolean up(int bytes) throws IOException {
        awaitNoSilence();
        sentBytes.addAndGet(bytes);
        synchronized (this) {
            if (untilCutBytes != Long.MAX_VALUE) {
                untilCutBytes -= bytes;
            }
        }
        upwards.await(bytes, bytesPerSecond);
        return outage().filter(Outage.SWALLOWS::equals).isEmpty();
    }

    /// Bytes for a client may go as soon as this returns.
    ///
    /// @return false if they are lost
    boolean down(int bytes) throws IOException {
        awaitNoSilence();
        if (outage().isPresent()) {
            return false;
        }
        receivedBytes.addAndGet(bytes);
        downwards.await(bytes, bytesPerSecond);
        return true;
    }

    void awaitRoundTrip() {
        Pace.sleep(roundTrip);
    }

    private synchronized void awaitNoSilence() throws IOException {
        try {
            while (outage == Outage.SILENT) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    long sentBytes() {
        return sentBytes.get();
    }

    long receivedBytes() {
        return receivedBytes.get();
    }

    long cuts() {
        return cuts.get();
    }
}
