package io.edgeship.queue.link;

import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How much to send in one request, so that a cut wastes little and the link is used well.
///
/// A link that is cut after m bytes on average wastes half a piece a cut; each request costs h bytes' worth of head:
/// the sum is least at a piece of sqrt(2 h m). Where a request also costs time, h is what the link would have carried
/// in that time; but for the sake of time no more than a [#CUTS_A_PIECE_MAX] of m is put at stake. m is learnt from
/// the cuts, time and speed from the requests that got through. A piece is also bounded by what the link carries in
/// [#PIECE_TIME], and by half of the piece lost last until twice as much gets through again. Not thread-safe.
public final class PieceSizing {
    /// What a request should take at most, at the speed seen.
    static final Duration PIECE_TIME = Duration.ofSeconds(20);

    /// So many pieces at least are sent between two cuts, where the least piece allows.
    static final double CUTS_A_PIECE_MAX = 1.0 / 16;

    /// What the first piece assumes: a link that was cut once after so much.
    private static final long CUT_AFTER_AT_FIRST = 2L << 20;

    /// Head of request and reply.
    private static final long HEAD_BYTES = 1200;

    /// How much the past counts: what was seen is halved once so much more has been.
    private static final long MEMORY_BYTES = 64L << 20;

    /// A link that has not been cut for long is still expected to be.
    private static final double CUTS_MIN = 0.05;

    private static final int PIECES_A_TRIAL = 8;

    private final long min;
    private final long max;
    private final LongSupplier wire;
    private final LongSupplier nanoTime;
    private final RequestTimes times = new RequestTimes();
    private double bytes = CUT_AFTER_AT_FIRST;
    private double cuts = 1;
    private double afterLoss = Double.POSITIVE_INFINITY; // bytes
    private int lostInARow;
    private long confirmed;

    /// @param min  what a piece has at least, but for the last one
    /// @param max  and at most
    /// @param wire bytes that went out so far, all requests together
    public PieceSizing(long min, long max, LongSupplier wire) {
        this(min, max, wire, System::nanoTime);
    }

    /// For simulated time.
    public PieceSizing(long min, long max, LongSupplier wire, LongSupplier nanoTime) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("pieces of " + min + " to " + max + " bytes");
        }
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
        double cutAfter = bytes / cuts;
        double timeAsBytes = times.fixedSeconds() * times.bytesPerSecond();
        double cheapest = Math.sqrt(2 * HEAD_BYTES * cutAfter);
        double fastest = Math.sqrt(2 * (HEAD_BYTES + timeAsBytes) * cutAfter);
        double wanted = isTrial() ? 2 * Math.max(cheapest, (double) min) : fastest;
        double best = Math.max(cheapest, Math.min(wanted, cutAfter * CUTS_A_PIECE_MAX));
        return (long) Math.clamp(Math.min(Math.min(best, inTime()), afterLoss), (double) min, (double) max);
    }

    /// Pieces of one size do not tell the time of a request from that of its bytes: now and then one is larger.
    private boolean isTrial() {
        return confirmed > 0 && confirmed % PIECES_A_TRIAL == 0 && !times.tellsApart();
    }

    private double inTime() {
        return times.bytesPerSecond() == 0
                ? max
                : (PIECE_TIME.toSeconds() - times.fixedSeconds()) * times.bytesPerSecond();
    }

    /// Runs a request that sends a piece, and learns from how it went. Only a piece that went in part and was lost is a
    /// loss: a link that is down says nothing of how far it carries, and a request that was held back or refused
    /// says nothing of the link.
    public <T> T send(long pieceBytes, Sending<T> request) throws IOException {
        long wireBefore = wire.getAsLong();
        long begun = nanoTime.getAsLong();
        try {
            T result = request.run();
            confirmed(pieceBytes, (nanoTime.getAsLong() - begun) / 1e9);
            return result;
        } catch (BucketException.Unavailable e) {
            lost(pieceBytes, wire.getAsLong() - wireBefore);
            throw e;
        }
    }

    /// How many pieces were lost since one got through.
    public int lostInARow() {
        return lostInARow;
    }

    private void confirmed(long pieceBytes, double seconds) {
        lostInARow = 0;
        confirmed++;
        afterLoss *= 2;
        seen(pieceBytes, 0);
        times.add((double) pieceBytes, seconds);
    }

    private void lost(long pieceBytes, long sentBytes) {
        if (sentBytes > 0) {
            lostInARow++;
            afterLoss = Math.max((double) min, Math.min(afterLoss, (double) pieceBytes) / 2);
            seen(sentBytes, 1);
        }
    }

    private void seen(long sentBytes, int cut) {
        double kept = Math.pow(0.5, (double) sentBytes / MEMORY_BYTES);
        bytes = bytes * kept + sentBytes;
        cuts = Math.max(CUTS_MIN, cuts * kept) + cut;
    }
}
