package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chunk of aggregates, and what it was encoded from where that is still in memory.
///
/// @param floats null for one that was read, or holds histograms
record Aggregated(TimedChunk timed, @Nullable Floats floats) {
    /// Windows of a chunk of floats, from `from` to before `to`, and what it has beside them.
    ///
    /// @param firstTimeMillis of the first raw sample
    /// @param lastValue       of the last raw sample
    record Floats(FloatWindows windows, int from, int to, long firstTimeMillis, double firstValue, double lastValue) {}

    static List<Aggregated> read(List<TimedChunk> chunks) {
        return chunks.stream().map(timed -> new Aggregated(timed, null)).toList();
    }

    static List<AggregateChunk> decoded(List<Aggregated> chunks) throws CorruptChunkException {
        List<AggregateChunk> decoded = new ArrayList<>(chunks.size());
        for (Aggregated chunk : chunks) {
            decoded.add(AggregateChunk.decode(chunk.timed().chunk().data()));
        }
        return decoded;
    }

    static List<TimedChunk> timed(List<Aggregated> chunks) {
        return chunks.stream().map(Aggregated::timed).toList();
    }
}
