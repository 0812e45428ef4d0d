package io.edgeship.block.merge;

import io.edgeship.block.BlockId;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.List;
import java.util.Optional;

/// What one source has of a series, and where it lies: enough to tell which source is to blame, even after the merge
/// went on.
///
/// @param first        of its chunks in the source
/// @param offset       of its entry in the source's index
/// @param chunks       what is left of it, in the order of time; maybe nothing
record SourceSeries(BlockId source, ChunkRef first, long offset, List<TimedChunk> chunks) {
    /// Takes every chunk apart.
    ///
    /// @throws MergeSourceException if one of them cannot be: then this source is to blame
    void takeApart() throws MergeSourceException {
        try {
            for (TimedChunk timed : chunks) {
                takeApart(timed);
            }
        } catch (CorruptChunkException e) {
            throw damaged(source, first, offset, e);
        }
    }

    private static void takeApart(TimedChunk timed) throws CorruptChunkException {
        if (timed.chunk().encoding() != Encoding.AGGREGATE) {
            walk(timed.chunk(), timed.minTime(), timed.maxTime(), true);
            return;
        }
        for (Optional<AggregateChunk.Part> part :
                AggregateChunk.decode(timed.chunk().data()).parts()) {
            if (part.isPresent()) { // a counter begins before the chunk, and ends with the same time twice
                Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
                walk(content, Long.MIN_VALUE, timed.maxTime(), false);
            }
        }
    }

    /// @param isSorted whether each sample is to be later than the one before
    private static void walk(Chunk chunk, long minTime, long maxTime, boolean isSorted) throws CorruptChunkException {
        if (!chunk.holdsSamples()) {
            throw new CorruptChunkException("nobody knows encoding %d".formatted(chunk.encodingCode()));
        }
        ChunkIterator samples = chunk.iterator();
        long before = Long.MIN_VALUE;
        while (samples.next()) {
            if (samples.timeMillis() < minTime || samples.timeMillis() > maxTime) {
                throw new CorruptChunkException(
                        "a sample of %d in a chunk from %d to %d".formatted(samples.timeMillis(), minTime, maxTime));
            }
            if (isSorted) {
                OneToOneMerger.requireLater(samples.timeMillis(), before);
            }
            before = samples.timeMillis();
        }
    }

    static MergeSourceException damaged(BlockId source, ChunkRef first, long offset, CorruptChunkException e) {
        String problem = "chunks of the series at %d: %s".formatted(offset, e.getMessage());
        return new MergeSourceException(
                source, new CorruptFormatException("chunks/" + first.fileName(), first.offset(), problem));
    }
}
