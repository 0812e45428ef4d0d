package io.edgeship.bucket;

/// A part that the store has acknowledged, as it wants it back on completion.
public record UploadedPart(int partNumber, long sizeBytes, String eTag) {
    /// S3's own limits; part numbers start at 1.
    public static final int PART_NUMBER_MAX = 10_000;
    public static final long SIZE_BYTES_MIN = 5L << 20;
    public static final long SIZE_BYTES_MAX = 5L << 30;

    public UploadedPart {
        if (partNumber < 1 || partNumber > PART_NUMBER_MAX) {
            throw new IllegalArgumentException("part number " + partNumber + " is not in 1.." + PART_NUMBER_MAX);
        }
    }
}
