package io.edgeship.block.pack;

/// What a packing came to.
///
/// @param rawBytes     of all files of the block
/// @param packBytes    of the pack
/// @param isColumnar   whether index and segments are made again of columns, or travel as they are
/// @param chunks       in the columns, taken apart or carried
/// @param carriedChunks that travel as they are, within columns; of aggregates each for itself
public record PackStats(
        long rawBytes, long packBytes, boolean isColumnar, long series, long chunks, long carriedChunks) {
    /// Of the pack to the block.
    public double ratio() {
        return rawBytes == 0 ? 1 : (double) packBytes / (double) rawBytes;
    }
}
