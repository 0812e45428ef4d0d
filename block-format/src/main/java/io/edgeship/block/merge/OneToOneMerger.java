package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges the chunks that several blocks have of one series. Chunks that no other overlaps are copied; those that
/// overlap are taken apart and their samples encoded anew in the order of time. Where two blocks have a sample of
/// one time, that of the block named first stays. Aggregates: [AggregateMerger]. Counts; not thread-safe.
public final class OneToOneMerger implements ChunkMerger {
    private final Overlaps overlaps = new Overlaps();
    private final @Nullable AggregateMerger aggregates;
    private long duplicates;
    private long conflicts;

    /// Of raw samples. Aggregates that lie over one another are an error.
    public OneToOneMerger() {
        aggregates = null;
    }

    /// Of aggregates.
    public OneToOneMerger(Resolution resolution) {
        aggregates = new AggregateMerger(resolution);
    }

    /// Samples, or windows of aggregates, that another block had too, and that were left out.
    public long duplicates() {
        return duplicates + overlaps.copiedSamples() + (aggregates == null ? 0 : aggregates.duplicates());
    }

    /// Those of [#duplicates] whose values were not the same.
    public long conflicts() {
        return conflicts + (aggregates == null ? 0 : aggregates.conflicts());
    }

    @Override
    public List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException {
        return aggregates == null ? overlaps.merge(bySource, this::encodeAnew) : aggregates.merge(bySource);
    }

    private List<TimedChunk> encodeAnew(List<Sourced> run) throws CorruptChunkException {
        List<Cursor> cursors = new ArrayList<>();
        for (Sourced one : run) {
            cursors.add(new Cursor(one));
        }
        SeriesAppender encoder = new SeriesAppender(ChunkRules.DEFAULT);
        for (Cursor next = earliest(cursors); next.sample != null; next = earliest(cursors)) {
            Sample sample = next.sample;
            encoder.append(sample);
            for (Cursor cursor : cursors) {
                drop(cursor, sample, cursor == next);
            }
        }
        return encoder.finish();
    }

    /// Moves past a sample of the same time.
    private void drop(Cursor cursor, Sample taken, boolean isTaken) throws CorruptChunkException {
        Sample sample = cursor.sample;
        if (sample == null || sample.timeMillis() != taken.timeMillis()) {
            return;
        }
        if (!isTaken) {
            duplicates++;
            conflicts += sample.isSameValue(taken) ? 0 : 1;
        }
        cursor.sample = cursor.samples.next();
        if (cursor.sample != null) {
            requireLater(cursor.sample.timeMillis(), taken.timeMillis());
        }
    }

    /// Samples of one chunk that go back in time cannot be merged with others: nobody knows which of them are true.
    static void requireLater(long timeMillis, long beforeMillis) throws CorruptChunkException {
        if (timeMillis <= beforeMillis && beforeMillis != Long.MIN_VALUE) {
            throw new CorruptChunkException(
                    "samples out of order: one of %d after one of %d".formatted(timeMillis, beforeMillis));
        }
    }

    /// That with the earliest sample; among equals, of the block named first.
    private static Cursor earliest(List<Cursor> cursors) {
        return Collections.min(
                cursors, Comparator.comparingLong(Cursor::time).thenComparingInt(cursor -> cursor.source));
    }

    /// @throws CorruptChunkException if its encoding holds no samples
    static SampleIterator samplesOf(Sourced one) throws CorruptChunkException {
        Chunk chunk = one.timed().chunk();
        if (!chunk.holdsSamples()) {
            throw new CorruptChunkException("a chunk of encoding %d lies over another and cannot be taken apart"
                    .formatted(chunk.encodingCode()));
        }
        return new SampleIterator(List.of(one.timed()));
    }

    private static final class Cursor {
        private final int source;
        private final SampleIterator samples;
        private @Nullable Sample sample;

        Cursor(Sourced of) throws CorruptChunkException {
            source = of.source();
            samples = samplesOf(of);
            sample = samples.next();
        }

        long time() {
            return sample == null ? Long.MAX_VALUE : sample.timeMillis();
        }
    }
}
