package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A chunk and the place of its block in the order of precedence.
record Sourced(int source, TimedChunk timed) {
    /// All chunks in the order of time; of those of the same times, that of the block named first comes first.
    static List<Sourced> inOrder(List<List<TimedChunk>> bySource) {
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

    /// Whether it is the very same chunk, which adds nothing.
    boolean isCopyOf(Sourced other) {
        TimedChunk a = timed;
        TimedChunk b = other.timed;
        return a.minTime() == b.minTime()
                && a.maxTime() == b.maxTime()
                && a.chunk().encodingCode() == b.chunk().encodingCode()
                && Arrays.equals(a.chunk().data(), b.chunk().data());
    }

    int sampleCount() {
        return Math.max(0, timed.chunk().sampleCount());
    }
}
