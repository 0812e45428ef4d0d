package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Finds the chunks of a series that lie over one another. Those that do not are copied; the very same chunk
/// twice is copied once. Counts; not thread-safe.
final class Overlaps {
    private static final int MIXTURE = -1;

    private long copiedSamples;

    /// Makes chunks of at least two that lie over one another.
    @FunctionalInterface
    interface Mixer {
        /// @param run in the order of [Sourced#inOrder]
        List<TimedChunk> mix(List<Sourced> run) throws CorruptChunkException;
    }

    /// Samples of chunks that were left out as copies.
    long copiedSamples() {
        return copiedSamples;
    }

    List<TimedChunk> merge(List<List<TimedChunk>> bySource, Mixer mixer) throws CorruptChunkException {
        List<Sourced> all = Sourced.inOrder(bySource);
        List<TimedChunk> merged = new ArrayList<>();
        int before = MIXTURE; // the source of the last chunk
        for (int from = 0; from < all.size(); ) {
            int to = endOfOverlap(all, from);
            List<Sourced> run = withoutCopies(all.subList(from, to));
            if (run.size() == 1) {
                Sourced only = run.getFirst();
                boolean goesOn = from == 0 || only.source() == before;
                merged.add(goesOn ? only.timed() : unsure(only.timed()));
                before = only.source();
            } else {
                merged.addAll(mixer.mix(run));
                before = MIXTURE;
            }
            from = to;
        }
        return merged;
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

    private List<Sourced> withoutCopies(List<Sourced> run) {
        List<Sourced> different = new ArrayList<>();
        for (Sourced one : run) {
            if (isCopyOfAny(one, different)) {
                copiedSamples += one.sampleCount();
            } else {
                different.add(one);
            }
        }
        return different;
    }

    /// @param before in order: a copy stands next to those of its times
    private static boolean isCopyOfAny(Sourced one, List<Sourced> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            if (before.get(i).timed().minTime() != one.timed().minTime()) {
                return false;
            }
            if (one.isCopyOf(before.get(i))) {
                return true;
            }
        }
        return false;
    }

    /// What a chunk of histograms says of the time before it was said in its own block.
    private static TimedChunk unsure(TimedChunk timed) {
        return new TimedChunk(timed.minTime(), timed.maxTime(), timed.chunk().withoutCounterReset());
    }
}
