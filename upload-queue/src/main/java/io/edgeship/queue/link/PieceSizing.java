package io.edgeship.queue.link;

import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How much to send in one request, so that a cut wastes little and the link is used well. A link that is cut after m
/// bytes on average wastes half a piece a cut; each request costs h bytes' worth of head and waiting: the sum is least
/// at a piece of sqrt(2 h m). m is learnt from the cuts; a piece is also bounded by what the link carries in
/// [#PIECE_TIME]. Not thread-safe.
public final class PieceSizing {
    /// What a request should take at most, at the speed seen.
    static final Duration PIECE_TIME = Duration.ofSeconds(20);

    /// What the first piece assumes: a link that was cut once after so much.
    private static final long CUT_AFTER_AT_FIRST = 2L << 20;

    /// Head of request and reply.
    private static final long HEAD_BYTES = 1200;

    /// How much the past counts: what was seen is halved once so much more has been.
    private static final long MEMORY_BYTES = 64L << 20;

    private final long min;
    private final long max;
    private final LongSupplier wire;
    private final LongSupplier nanoTime;
    private double bytes = CUT_AFTER_AT_FIRST;
    private double cuts = 1;
    private double bytesPerSecond;
    private int lostInARow;

    /// @param min  what a piece has at least, but for the last one
    /// @param max  and at most
    /// @param wire bytes that went out so far, all requests together
    public PieceSizing(long min, long max, LongSupplier wire) {
        this(min, max, wire, System::nanoTime);
    }

    PieceSizing(long min, long max, LongSupplier wire, LongSupplier nanoTime) {
        this.min = min;
        this.max = max;
        this.wire = wire;
        this.nanoTime = nanoTime;
    }

    /// A request with a body.
    @FunctionalInterface
    public interface Sending<T> {
        T run() throws IOException;
    }

    /// What the next piece should have.
    public long next() {
        double head = HEAD_BYTES;
        double best = Math.sqrt(2.0 * head * bytes / cuts);
        double inTime = bytesPerSecond == 0 ? max : bytesPerSecond * PIECE_TIME.toSeconds();
        return (long) Math.clamp(Math.min(best, inTime), (double) min, (double) max);
    }

    /// Runs a request that sends a piece, and learns from how it went.
    public <T> T send(long pieceBytes, Sending<T> request) throws IOException {
        long wireBefore = wire.getAsLong();
        long begun = nanoTime.getAsLong();
        try {
            T result = request.run();
            confirmed(pieceBytes, (nanoTime.getAsLong() - begun) / 1e9);
            return result;
        } catch (BucketException.Unavailable e) {
            lost(Math.max(0, wire.getAsLong() - wireBefore));
            throw e;
        }
    }

    /// How many pieces were lost since one got through.
    public int lostInARow() {
        return lostInARow;
    }

    private void confirmed(long pieceBytes, double seconds) {
        lostInARow = 0;
        seen(pieceBytes, 0);
        double speed = pieceBytes / Math.max(seconds, 1e-6);
        bytesPerSecond = bytesPerSecond == 0 ? speed : 0.7 * bytesPerSecond + 0.3 * speed;
    }

    private void lost(long sentBytes) {
        lostInARow++;
        seen(sentBytes, 1);
    }

    private void seen(long sentBytes, int cut) {
        double kept = Math.pow(0.5, (double) sentBytes / MEMORY_BYTES);
        bytes = bytes * kept + sentBytes;
        cuts = Math.max(0.05, cuts * kept) + cut;
    }
}
