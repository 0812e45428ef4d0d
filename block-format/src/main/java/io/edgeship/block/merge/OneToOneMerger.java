package io.edgeship.block.merge;

import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.SeriesAppender;
import io.edgeship.block.sample.Sample;
import io.edgeship.block.sample.SampleIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges the chunks that several blocks have of one series. Chunks that no other overlaps are copied; those that
/// overlap are taken apart and their samples encoded anew in the order of time. Where two blocks have a sample of one
/// time, that of the block named first stays. Counts; not thread-safe.
public final class OneToOneMerger implements ChunkMerger {
    private long duplicates;
    private long conflicts;

    private record Sourced(int source, TimedChunk timed) {}

    /// Samples that another block had too, and that were left out.
    public long duplicates() {
        return duplicates;
    }

    /// Those of [#duplicates] whose values were not the same.
    public long conflicts() {
        return conflicts;
    }

    @Override
    public List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException {
        List<Sourced> all = inOrder(bySource);
        List<TimedChunk> merged = new ArrayList<>();
        int before = -1; // the source of the last chunk; -1 for a mixture
        for (int from = 0; from < all.size(); ) {
            int to = endOfOverlap(all, from);
            List<Sourced> run = withoutCopies(all.subList(from, to));
            if (run.size() == 1) {
                Sourced only = run.getFirst();
                boolean goesOn = from == 0 || only.source() == before;
                merged.add(goesOn ? only.timed() : unsure(only.timed()));
                before = only.source();
            } else {
                merged.addAll(encodeAnew(run));
                before = -1;
            }
            from = to;
        }
        return merged;
    }

    private static List<Sourced> inOrder(List<List<TimedChunk>> bySource) {
        List<Sourced> all = new ArrayList<>();
        for (int source = 0; source < bySource.size(); source++) {
            for (TimedChunk chunk : bySource.get(source)) {
                all.add(new Sourced(source, chunk));
            }
        }
        all.sort(Comparator.<Sourced>comparingLong(it -> it.timed().minTime())
                .thenComparingLong(it -> it.timed().maxTime())
                .thenComparingInt(Sourced::source));
        return all;
    }

    private static int endOfOverlap(List<Sourced> all, int from) {
        long maxTime = all.get(from).timed().maxTime();
        int to = from + 1;
        while (to < all.size() && all.get(to).timed().minTime() <= maxTime) {
            maxTime = Math.max(maxTime, all.get(to).timed().maxTime());
            to++;
        }
        return to;
    }

    /// A chunk that is the very same as one before it adds nothing.
    private List<Sourced> withoutCopies(List<Sourced> run) {
        List<Sourced> different = new ArrayList<>();
        for (Sourced one : run) {
            if (different.stream().anyMatch(other -> areSame(one.timed(), other.timed()))) {
                duplicates += Math.max(0, one.timed().chunk().sampleCount());
            } else {
                different.add(one);
            }
        }
        return different;
    }

    private static boolean areSame(TimedChunk a, TimedChunk b) {
        return a.minTime() == b.minTime()
                && a.maxTime() == b.maxTime()
                && a.chunk().encodingCode() == b.chunk().encodingCode()
                && Arrays.equals(a.chunk().data(), b.chunk().data());
    }

    /// What a chunk of histograms says of the time before it was said in its own block.
    private static TimedChunk unsure(TimedChunk timed) {
        return new TimedChunk(timed.minTime(), timed.maxTime(), timed.chunk().withoutCounterReset());
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
    }

    /// That with the earliest sample; among equals, of the block named first.
    private static Cursor earliest(List<Cursor> cursors) {
        return Collections.min(
                cursors, Comparator.comparingLong(Cursor::time).thenComparingInt(cursor -> cursor.source));
    }

    private static final class Cursor {
        private final int source;
        private final SampleIterator samples;
        private @Nullable Sample sample;

        Cursor(Sourced of) throws CorruptChunkException {
            Chunk chunk = of.timed().chunk();
            if (!chunk.holdsSamples()) {
                throw new CorruptChunkException("a chunk of encoding %d lies over another and cannot be taken apart"
                        .formatted(chunk.encodingCode()));
            }
            source = of.source();
            samples = new SampleIterator(List.of(of.timed()));
            sample = samples.next();
        }

        long time() {
            return sample == null ? Long.MAX_VALUE : sample.timeMillis();
        }
    }
}
