package io.edgeship.block.head;

import java.time.Duration;

/// How chunks are cut and encoded.
///
/// @param rangeMillis        no chunk goes across a multiple of it: the time that a block covers
/// @param floatStarts        whether floats are encoded as XOR2, which has start timestamps, or as XOR
/// @param histogramStarts    whether histograms are encoded with start timestamps
public record ChunkRules(long rangeMillis, boolean floatStarts, boolean histogramStarts) {
    /// Of Prometheus unless it is told otherwise; a stock Thanos reads such chunks.
    public static final ChunkRules DEFAULT = new ChunkRules(Duration.ofHours(2).toMillis(), false, false);

    static final int SAMPLES_PER_CHUNK = 120;

    /// One more float sample takes up to 19 bytes.
    static final int FLOAT_BYTES_MAX = 1024 - 19;

    static final int HISTOGRAM_BYTES = 1024;
    static final int HISTOGRAM_SAMPLES_MIN = 10;

    public ChunkRules {
        if (rangeMillis <= 0) {
            throw new IllegalArgumentException("a range of " + rangeMillis + " ms");
        }
    }

    /// Where the range ends that a time lies in.
    long rangeEnd(long timeMillis) {
        return (timeMillis / rangeMillis + 1) * rangeMillis; // as Go divides: toward zero
    }

    /// Where a chunk is to end so that the chunks in the rest of the range will be of the same size.
    ///
    /// @param ratioToFull how many times what the chunk has from `minTime` to `maxTime` a full one has
    static long endTime(long minTime, long maxTime, long rangeEnd, double ratioToFull) {
        double chunks = (rangeEnd - minTime) / ((maxTime - minTime + 1) * ratioToFull);
        return chunks <= 1 ? rangeEnd : (long) (minTime + (rangeEnd - minTime) / Math.floor(chunks));
    }
}
