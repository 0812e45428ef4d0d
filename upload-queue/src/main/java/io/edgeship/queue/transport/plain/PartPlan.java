package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.UploadedPart;

/// Where a file is cut: parts as the link wants them, within S3's limits.
final class PartPlan {
    private static final long MIB = 1L << 20;

    private PartPlan() {}

    /// The length of the next part: what is wanted, or more where what is left would need more parts than S3 takes, or
    /// all that is left.
    ///
    /// @param leftBytes   of the file, at least 1
    /// @param partsBefore that the upload has already
    static long next(long leftBytes, int partsBefore, long wantedBytes) {
        int partsLeft = UploadedPart.PART_NUMBER_MAX - partsBefore;
        if (partsLeft < 1 || leftBytes > partsLeft * UploadedPart.SIZE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%d bytes do not fit in %d parts of 5 GiB".formatted(leftBytes, partsLeft));
        }
        long atLeast = (leftBytes + partsLeft - 1) / partsLeft;
        long wholeMib = atLeast <= wantedBytes ? 0 : (atLeast + MIB - 1) / MIB * MIB;
        return Math.min(leftBytes, Math.max(wantedBytes, wholeMib));
    }
}
