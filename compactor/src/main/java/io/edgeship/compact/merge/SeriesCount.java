package io.edgeship.compact.merge;

import java.io.IOException;

/// Counts the series that a merge is done with, and says so after each. Not thread-safe.
final class SeriesCount {
    private final long most;
    private final Traffic traffic;
    private final Progress.Listener listener;
    private long done;

    SeriesCount(Sources sources, Traffic traffic, Progress.Listener listener) {
        most = most(sources);
        this.traffic = traffic;
        this.listener = listener;
    }

    void series(long doneNow) throws IOException {
        done = doneNow;
        listener.at(progress());
    }

    Progress progress() {
        return new Progress(done, Math.max(done, most), traffic.receivedBytes(), traffic.sentBytes());
    }

    /// Not less than are in the longest block.
    private static long most(Sources sources) {
        return sources.list().stream()
                .mapToLong(source -> source.meta().stats().numSeries())
                .max()
                .orElse(0);
    }
}
