package io.edgeship.queue.link;

import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.util.Random;

/// A link that is cut after exponentially distributed lengths, with time of its own.
final class CutLink {
    static final long HEAD_BYTES = 1000;

    private final Random random;
    private final double meanBytes;
    private final double bytesPerSecond;
    private final double requestSeconds;
    private double untilCut;
    private double nanos;
    private long wireBytes;

    CutLink(long seed, double meanBytes, double bytesPerSecond, double requestSeconds) {
        random = new Random(seed);
        this.meanBytes = meanBytes;
        this.bytesPerSecond = bytesPerSecond;
        this.requestSeconds = requestSeconds;
        connect();
    }

    long wireBytes() {
        return wireBytes;
    }

    long nanos() {
        return (long) nanos;
    }

    Boolean request(long bodyBytes) throws BucketException.Unavailable {
        long size = HEAD_BYTES + bodyBytes;
        long sent = (long) Math.min((double) size, untilCut);
        wireBytes += sent;
        nanos += (requestSeconds + sent / bytesPerSecond) * 1e9;
        if (sent < size) {
            connect();
            throw new BucketException.Unavailable("cut after " + sent + " bytes", null);
        }
        untilCut -= sent;
        return true;
    }

    private void connect() {
        untilCut = -meanBytes * Math.log(1 - random.nextDouble());
    }

    /// Sends so much in pieces, each as often as it takes.
    ///
    /// @return bytes on the wire ÷ bytes
    double ship(long totalBytes, PieceSizing sizing) throws IOException {
        long before = wireBytes;
        for (long left = totalBytes; left > 0; ) {
            long piece = Math.min(left, sizing.next());
            try {
                sizing.send(piece, () -> request(piece));
                left -= piece;
            } catch (BucketException.Unavailable _) {
                // sent again
            }
        }
        return (double) (wireBytes - before) / totalBytes;
    }
}
