package io.edgeship.queue.transport.plain;

import io.edgeship.bucket.UploadedPart;

/// How a file is cut: parts of one size, the last one smaller.
record PartPlan(long fileBytes, long partSizeBytes) {
    private static final long MIB = 1L << 20;

    /// Parts of the wanted size, or larger ones where there would be more parts than S3 takes.
    static PartPlan of(long fileBytes, long wantedPartBytes) {
        long atLeast = (fileBytes + UploadedPart.PART_NUMBER_MAX - 1) / UploadedPart.PART_NUMBER_MAX;
        long wholeMib = (atLeast + MIB - 1) / MIB * MIB;
        long partSizeBytes = Math.max(wantedPartBytes, wholeMib);
        if (partSizeBytes > UploadedPart.SIZE_BYTES_MAX) {
            throw new IllegalArgumentException("a file of %d bytes does not fit in %d parts of 5 GiB"
                    .formatted(fileBytes, UploadedPart.PART_NUMBER_MAX));
        }
        return new PartPlan(fileBytes, partSizeBytes);
    }

    int count() {
        return Math.toIntExact(Math.max(1, (fileBytes + partSizeBytes - 1) / partSizeBytes));
    }

    /// @param number from 1
    long offset(int number) {
        return (number - 1) * partSizeBytes;
    }

    long length(int number) {
        return Math.min(partSizeBytes, fileBytes - offset(number));
    }
}
