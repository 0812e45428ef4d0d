package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Merges chunks of aggregates of one series, window by window: of windows that lie over one another, that of the
/// block named first stays, with all of its aggregates, so that sums and counts go on to fit. Two halves of one
/// window that are known to have no time in common, as where one block ends and another begins within it, both
/// stay.
///
/// Chunks that share no window with those of another block are copied. What is encoded anew has at most
/// [Resolution#WINDOWS_MAX] windows a chunk ([FloatAggregateEncoder]). Counts; not thread-safe.
final class AggregateMerger {
    private final Resolution resolution;
    private long duplicates;
    private long conflicts;

    AggregateMerger(Resolution resolution) {
        this.resolution = resolution;
    }

    /// Windows that were left out.
    long duplicates() {
        return duplicates;
    }

    /// Those of [#duplicates] whose aggregates were not the same.
    long conflicts() {
        return conflicts;
    }

    /// @param bySource as [ChunkMerger#merge] has it
    List<TimedChunk> merge(List<List<TimedChunk>> bySource) throws CorruptChunkException {
        List<Sourced> all = Sourced.inOrder(bySource);
        List<TimedChunk> merged = new ArrayList<>();
        for (int from = 0; from < all.size(); ) {
            int to = endOfRun(all, from);
            List<Sourced> run = withoutCopies(all.subList(from, to));
            if (run.stream().mapToInt(Sourced::source).distinct().count() == 1) {
                run.forEach(one -> merged.add(one.timed()));
            } else {
                merged.addAll(encodeAnew(run));
            }
            from = to;
        }
        return merged;
    }

    /// Chunks that share a window are of one run, whether their times overlap or not.
    private int endOfRun(List<Sourced> all, int from) {
        long end = resolution.windowEnd(all.get(from).timed().maxTime());
        int to = from + 1;
        while (to < all.size() && all.get(to).timed().minTime() <= end) {
            end = Math.max(end, resolution.windowEnd(all.get(to).timed().maxTime()));
            to++;
        }
        return to;
    }

    private List<Sourced> withoutCopies(List<Sourced> run) {
        List<Sourced> different = new ArrayList<>();
        for (Sourced one : run) {
            if (different.stream().anyMatch(one::isCopyOf)) {
                duplicates += one.sampleCount();
            } else {
                different.add(one);
            }
        }
        return different;
    }

    private List<TimedChunk> encodeAnew(List<Sourced> run) throws CorruptChunkException {
        NavigableMap<Long, AggregateWindow> chosen = new TreeMap<>();
        int[] sources =
                run.stream().mapToInt(Sourced::source).sorted().distinct().toArray();
        for (int source : sources) {
            NavigableMap<Long, AggregateWindow> more = new TreeMap<>();
            for (Sourced one : run) {
                if (one.source() == source) {
                    choose(AggregateWindows.of(one.timed(), resolution), chosen, more);
                }
            }
            chosen.putAll(more);
        }
        return AggregateEncoders.encode(List.copyOf(chosen.values()));
    }

    /// @param chosen of blocks named before
    private void choose(
            List<AggregateWindow> windows,
            NavigableMap<Long, AggregateWindow> chosen,
            NavigableMap<Long, AggregateWindow> to) {
        for (AggregateWindow window : windows) {
            var later = chosen.ceilingEntry(window.firstMillis());
            AggregateWindow other = later != null && later.getValue().firstMillis() <= window.endMillis()
                    ? later.getValue()
                    : to.putIfAbsent(window.endMillis(), window);
            if (other != null) {
                duplicates++;
                conflicts += window.isSameAs(other) ? 0 : 1;
            }
        }
    }
}
