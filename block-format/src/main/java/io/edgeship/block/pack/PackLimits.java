package io.edgeship.block.pack;

/// What a pack may make its reader do. Packs come from sites, and are not trusted: work and memory follow the
/// sizes that a pack declares, and these are held against the limits before anything else is read.
///
/// @param blockBytesMax of all files of the block together
/// @param indexBytesMax of the index; memory follows it
public record PackLimits(long blockBytesMax, long indexBytesMax) {
    /// Enough for a block of two hours and a million series.
    public static final PackLimits DEFAULT = new PackLimits(8L << 30, 512L << 20);

    /// An index that a centre unpacks: half a million series. A block with a larger one is shipped as its files.
    public static final long SHIPPED_INDEX_BYTES_MAX = 48L << 20;

    /// Of one series, in its chunks. A block that has a longer one travels as its files.
    static final int SERIES_SAMPLES_MAX = 1 << 19;

    /// Of one series, encoded.
    static final int SERIES_BYTES_MAX = 8 << 20;

    static final int SERIES_CHUNKS_MAX = 1 << 16;
    static final int SERIES_LABELS_MAX = 1 << 12;

    /// Series that are put into another order among themselves, and so are in memory at once.
    static final int SPAN_SERIES_MAX = 1 << 14;

    /// Encoded chunks of a span, but for its last series.
    static final int SPAN_BYTES_MAX = 4 << 20;

    /// Encoded chunks of earlier series that a later one may be said to equal.
    static final int WINDOW_BYTES_MAX = 12 << 20;

    static final int FILES_MAX = 4000;

    public PackLimits {
        if (blockBytesMax <= 0 || indexBytesMax <= 0) {
            throw new IllegalArgumentException("limits of %d and %d bytes".formatted(blockBytesMax, indexBytesMax));
        }
    }
}
