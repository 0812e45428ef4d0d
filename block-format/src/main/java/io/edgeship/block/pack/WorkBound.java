package io.edgeship.block.pack;

import io.edgeship.block.encoding.CorruptFormatException;

/// What is left of the chunk bytes that a pack declared. A sample takes two bits of a chunk at least, so this
/// bounds the samples, too. Not thread-safe.
final class WorkBound {
    private static final int SAMPLES_PER_BYTE = Byte.SIZE / 2;

    private final String pack;
    private long bytesLeft;

    WorkBound(String pack, long bytes) {
        this.pack = pack;
        bytesLeft = bytes;
    }

    /// How many samples a series may have.
    int samplesMax() {
        return (int) Math.min(PackLimits.SERIES_SAMPLES_MAX, SAMPLES_PER_BYTE * bytesLeft);
    }

    int bytesMax() {
        return (int) Math.min(PackLimits.SERIES_BYTES_MAX, bytesLeft);
    }

    void use(long bytes) throws CorruptFormatException {
        bytesLeft -= bytes;
        if (bytesLeft < 0) {
            throw new CorruptFormatException(pack, 0, "more chunks than were declared");
        }
    }
}
