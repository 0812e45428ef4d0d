package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.List;

/// Makes one series of what several blocks have of it. Implementations count what they leave out; not thread-safe.
public interface ChunkMerger {
    /// @param bySource the chunks of each block that has the series, in the order of time; blocks in order of
    /// precedence
    /// @return the chunks of the merged series in the order of time, no two overlapping
    List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException;
}
