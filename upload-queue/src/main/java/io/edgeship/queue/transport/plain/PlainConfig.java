package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.UploadedPart;
import io.edgeship.queue.link.PieceSizing;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Settings of a [PlainTransport].
///
/// @param partSizeBytes   config key `part_size`: the largest part; on a slow or often cut link parts are smaller, down
///     to 5 MiB. 5 MiB to 5 GiB, as S3 wants it
/// @param multipartMaxAge config key `multipart_max_age`: an upload that has been open for longer is completed without
///     waiting for the block's other files. Some stores drop uploads after a day
public record PlainConfig(long partSizeBytes, Duration multipartMaxAge) {
    public static final PlainConfig DEFAULT = new PlainConfig(64L << 20, Duration.ofHours(20));

    public PlainConfig {
        if (partSizeBytes < UploadedPart.SIZE_BYTES_MIN || partSizeBytes > UploadedPart.SIZE_BYTES_MAX) {
            throw new IllegalArgumentException("part_size is %d bytes, must be 5MiB to 5GiB".formatted(partSizeBytes));
        }
        if (!multipartMaxAge.isPositive()) {
            throw new IllegalArgumentException(
                    "multipart_max_age is %s, must be more than zero".formatted(multipartMaxAge));
        }
    }

    /// How large parts are: from S3's least to `part_size`, as the link allows.
    ///
    /// @param wire bytes that went out so far, all requests together
    public PieceSizing sizing(LongSupplier wire) {
        return new PieceSizing(UploadedPart.SIZE_BYTES_MIN, partSizeBytes, wire);
    }
}
