package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.link.PieceSizing;
import java.io.IOException;
import java.nio.file.Path;

/// Sends ranges of an item's files, each with the digest of what it holds, and counts the bytes. Used for one attempt.
final class PartSender {
    private final LossWatch watch;
    private final KnownDigests digests;
    private final Runnable acknowledged;
    private long bytesSent;

    /// @param acknowledged is called after each part that the ledger took note of
    PartSender(LossWatch watch, KnownDigests digests, Runnable acknowledged) {
        this.watch = watch;
        this.digests = digests;
        this.acknowledged = acknowledged;
    }

    long nextPartBytes() {
        return watch.nextPartBytes();
    }

    ObjectDigest.Part digest(FileBody range) throws IOException {
        return digests.of(range);
    }

    /// The bucket holds other bytes than were read from the file: the next digest reads it again.
    void distrust(Path file) {
        digests.forget(file);
    }

    /// @param request sends `body` and returns the ETag of the reply
    SentPart send(FileBody body, int number, PieceSizing.Sending<String> request) throws IOException {
        ObjectDigest.Part digest = digests.of(body);
        bytesSent += body.sizeBytes();
        return new SentPart(number, digest, watch.send(body.sizeBytes(), request));
    }

    void acknowledged() {
        acknowledged.run();
    }

    /// What this attempt put on the link so far.
    long bytesSent() {
        return bytesSent;
    }
}
