package io.edgeship.block.pack;

/// One chunk as index and segment have it.
///
/// @param samples       that the columns have of it; 0 for a chunk that is carried as it is
/// @param startsSegment whether it is the first of a segment file, the block's first included
record PackedChunk(int encodingCode, byte[] data, long minTime, long maxTime, int samples, boolean startsSegment) {
    boolean isColumnar() {
        return samples > 0;
    }
}
