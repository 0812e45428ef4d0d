package io.edgeship.compact.merge;

import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.util.List;

/// Counts the series that a merge is done with, and says so after each; what comes before and after the merge is told
/// too. Not thread-safe.
final class SeriesCount {
    private final long most;
    private final Traffic traffic;
    private final Progress.Listener listener;
    private long done;

    SeriesCount(List<BucketBlock> sources, Traffic traffic, Progress.Listener listener) {
        most = most(sources);
        this.traffic = traffic;
        this.listener = listener;
    }

    void series(long doneNow) throws IOException {
        done = doneNow;
        listener.at(progress());
    }

    /// Something else that takes time went on.
    void goesOn() throws IOException {
        listener.at(progress());
    }

    Progress progress() {
        return new Progress(done, Math.max(done, most), traffic.receivedBytes(), traffic.sentBytes());
    }

    /// Not less than are in the longest block.
    private static long most(List<BucketBlock> sources) {
        return sources.stream()
                .mapToLong(source -> source.meta().stats().numSeries())
                .max()
                .orElse(0);
    }
}
