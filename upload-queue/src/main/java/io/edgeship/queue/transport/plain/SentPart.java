package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.UploadedPart;

/// A part that the bucket acknowledged, and what was in it.
record SentPart(int number, ObjectDigest.Part digest, String eTag) {
    UploadedPart toUploaded() {
        return new UploadedPart(number, digest.sizeBytes(), eTag);
    }
}
