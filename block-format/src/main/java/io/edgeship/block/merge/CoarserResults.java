package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.List;

/// The downsampled results of a merge. Not thread-safe, but for [#newCoarsener].
final class CoarserResults {
    private final List<MergeOutput> outputs;
    private final long resolutionMillis;

    /// @param outputs          finest first, each coarser than the merge
    /// @param resolutionMillis of the merge
    CoarserResults(List<MergeOutput> outputs, long resolutionMillis) {
        this.outputs = List.copyOf(outputs);
        this.resolutionMillis = resolutionMillis;
    }

    /// What makes the chunks of these results, for one thread.
    Coarsener newCoarsener() {
        return new Coarsener(
                resolutionMillis,
                outputs.stream().map(MergeOutput::resolutionMillis).toList());
    }

    /// Writes a series; where nothing came of it it has no place in that result.
    ///
    /// @param chunks of each result
    void write(MergedSeries series, List<List<TimedChunk>> chunks) throws IOException {
        for (int i = 0; i < chunks.size(); i++) {
            if (!chunks.get(i).isEmpty()) {
                outputs.get(i).stream().series(series.labels(), chunks.get(i));
            }
        }
    }
}
