package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.List;

/// A series of the result, and what it was made of.
///
/// @param labels numbers of the merged symbols
/// @param chunks in the order of time, no two overlapping
/// @param parts  of each source that has it, in order of precedence; at least one
record MergedSeries(int[] labels, List<TimedChunk> chunks, List<SourceSeries> parts) {
    /// Labels, lists, and what is known of each part.
    private static final int SERIES_BYTES = 384;

    /// Beside its data, and with its place in two lists.
    private static final int CHUNK_BYTES = 96;

    /// What it takes in memory, about.
    int memoryBytes() {
        int bytes = SERIES_BYTES;
        for (TimedChunk timed : chunks) {
            bytes += CHUNK_BYTES + timed.chunk().data().length;
        }
        return bytes;
    }

    /// Whether all its samples are plain numbers.
    boolean isOfFloats() {
        return chunks.stream().allMatch(timed -> timed.chunk().encoding().holdsFloats());
    }

    /// Finds the source that is to blame for what `e` says; where each is whole by itself, the first.
    static MergeSourceException blame(List<SourceSeries> parts, CorruptChunkException e) throws MergeSourceException {
        for (SourceSeries part : parts) {
            part.takeApart();
        }
        return new MergeSourceException(parts.getFirst().source(), e);
    }
}
