package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.UploadedPart;

/// Settings of an [Uploader].
///
/// @param partSizeBytes config key `part_size`: what is sent in one request; a cut connection loses at
///     most that much. 5 MiB to 5 GiB, as S3 wants it
public record UploaderConfig(long partSizeBytes) {
    public static final UploaderConfig DEFAULT = new UploaderConfig(8L << 20);

    public UploaderConfig {
        if (partSizeBytes < UploadedPart.SIZE_BYTES_MIN || partSizeBytes > UploadedPart.SIZE_BYTES_MAX) {
            throw new IllegalArgumentException("part_size is %d bytes, must be 5MiB to 5GiB".formatted(partSizeBytes));
        }
    }
}
