package io.edgeship.compact.merge;

import java.io.IOException;

/// Counts the series that a merge is done with, and says so now and then. Not thread-safe.
final class SeriesCount {
    /// Series between two words: of the smallest, some hundred a second.
    private static final int EVERY = 256;

    private final Sources sources;
    private final Traffic traffic;
    private final Progress.Listener listener;
    private long done;

    SeriesCount(Sources sources, Traffic traffic, Progress.Listener listener) {
        this.sources = sources;
        this.traffic = traffic;
        this.listener = listener;
    }

    void series(long doneNow) throws IOException {
        done = doneNow;
        if (done % EVERY == 0) {
            listener.at(progress());
        }
    }

    Progress progress() {
        return new Progress(done, total(), traffic.receivedBytes(), traffic.sentBytes());
    }

    /// Not less than are in the longest block.
    private long total() {
        long most = 0;
        for (Sources.Open source : sources.list()) {
            most = Math.max(most, source.meta().stats().numSeries());
        }
        return Math.max(done, most);
    }
}
