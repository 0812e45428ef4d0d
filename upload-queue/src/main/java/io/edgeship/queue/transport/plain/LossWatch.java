package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.queue.link.PieceSizing;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Sends bodies, teaches the sizing how it went, and notices a link that carries no part that S3 would take. Used by
/// one thread; [#cannotFinish] may be called by any.
final class LossWatch {
    /// So many of the smallest parts have to be lost in a row before the link is called too bad.
    static final int LOST_MAX = 8;

    /// A body below this share of a part says little of the link's speed.
    private static final int TELLING_SHARE = 4;

    private final PieceSizing sizing;
    private final LongSupplier wire;
    private volatile Lost lost = Lost.NONE;

    /// @param tries   parts of the smallest size that were lost in a row
    /// @param mostBytes that one of them got out before it was cut
    private record Lost(int tries, long mostBytes) {
        static final Lost NONE = new Lost(0, 0);
    }

    /// @param wire bytes that went out so far, all requests together
    LossWatch(PieceSizing sizing, LongSupplier wire) {
        this.sizing = sizing;
        this.wire = wire;
    }

    /// What the next part should have.
    long nextPartBytes() {
        return sizing.next();
    }

    <T> T send(long bodyBytes, PieceSizing.Sending<T> request) throws IOException {
        long wireBefore = wire.getAsLong();
        boolean telling = bodyBytes >= sizing.next() / TELLING_SHARE;
        try {
            T reply = telling ? sizing.send(bodyBytes, request) : request.run();
            if (bodyBytes > lost.mostBytes()) {
                lost = Lost.NONE;
            }
            return reply;
        } catch (BucketException.Unavailable e) {
            long got = Math.min(bodyBytes, wire.getAsLong() - wireBefore);
            if (telling && got > 0 && bodyBytes <= UploadedPart.SIZE_BYTES_MIN) { // without a byte there was no link
                lost = new Lost(lost.tries() + 1, Math.max(got, lost.mostBytes()));
            }
            throw e;
        }
    }

    /// Why no block in parts will ever get through, as far as can be seen.
    Optional<String> cannotFinish() {
        Lost now = lost;
        return now.tries() < LOST_MAX
                ? Optional.empty()
                : Optional.of(("no part of 5 MiB gets through (%d tries, the largest got %d KiB before the cut): "
                                + "transport: inbox sends smaller pieces")
                        .formatted(now.tries(), now.mostBytes() >> 10));
    }
}
