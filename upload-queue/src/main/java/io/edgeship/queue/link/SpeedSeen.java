package io.edgeship.queue.link;

import java.util.Optional;
import java.util.function.LongSupplier;

/// What the link carries, from how long bodies take until the reply begins. Requests that overlap are taken for one:
/// what is known of the speed serves to be patient, not to be exact. Thread-safe.
final class SpeedSeen {
    /// A shorter body tells of the round trip, not of the link.
    private static final long BODY_BYTES_MIN = 64 << 10;

    private static final double WEIGHT_OF_LAST = 0.3;
    private static final double BYTES_PER_SECOND_MIN = 256;

    private final LongSupplier nanoTime;
    private double bytesPerSecond;
    private boolean seen;
    private boolean underWay;
    private long beganAt;
    private long sentBefore;

    /// @param assumedBytesPerSecond until something was seen
    SpeedSeen(double assumedBytesPerSecond, LongSupplier nanoTime) {
        bytesPerSecond = assumedBytesPerSecond;
        this.nanoTime = nanoTime;
    }

    synchronized void began(long bodyBytes, long sentBytes) {
        underWay = bodyBytes >= BODY_BYTES_MIN;
        beganAt = nanoTime.getAsLong();
        sentBefore = sentBytes;
    }

    synchronized void answered(long sentBytes) {
        long sent = sentBytes - sentBefore;
        if (underWay && sent >= BODY_BYTES_MIN) {
            double speed = sent * 1e9 / Math.max(1, nanoTime.getAsLong() - beganAt);
            // What was assumed is no experience: it must not make a fast link's black hole last for minutes.
            bytesPerSecond += (seen ? WEIGHT_OF_LAST : 1) * (speed - bytesPerSecond);
            seen = true;
        }
        underWay = false;
    }

    /// Empty while it is only assumed.
    synchronized Optional<Double> seen() {
        return seen ? Optional.of(bytesPerSecond()) : Optional.empty();
    }

    synchronized double bytesPerSecond() {
        return Math.max(BYTES_PER_SECOND_MIN, bytesPerSecond);
    }
}
