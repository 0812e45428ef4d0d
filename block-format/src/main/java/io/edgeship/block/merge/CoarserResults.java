package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Makes a merge's downsampled results. Not thread-safe.
final class CoarserResults {
    private final List<MergeOutput> outputs;
    private final long resolutionMillis;
    private final SeriesDownsampler downsampler = new SeriesDownsampler();

    /// @param outputs          finest first, each coarser than the merge
    /// @param resolutionMillis of the merge
    CoarserResults(List<MergeOutput> outputs, long resolutionMillis) {
        this.outputs = List.copyOf(outputs);
        this.resolutionMillis = resolutionMillis;
    }

    /// Downsamples a series and writes what comes of it; where nothing does it has no place in that result.
    ///
    /// @throws MergeSourceException naming the source that is at fault
    void series(MergedSeries series) throws IOException {
        List<List<TimedChunk>> results;
        try {
            results = downsampled(series.chunks());
        } catch (CorruptChunkException e) {
            throw MergedSeries.blame(series.parts(), e);
        }
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isEmpty()) {
                outputs.get(i).stream().series(series.labels(), results.get(i));
            }
        }
    }

    /// The chunks of each result.
    private List<List<TimedChunk>> downsampled(List<TimedChunk> chunks) throws CorruptChunkException {
        if (resolutionMillis == 0 && outputs.size() == 2) {
            return downsampler.both(chunks);
        }
        List<List<TimedChunk>> results = new ArrayList<>(outputs.size());
        List<TimedChunk> finer = chunks;
        long from = resolutionMillis;
        for (MergeOutput output : outputs) {
            finer = downsampled(finer, from, output.resolutionMillis());
            from = output.resolutionMillis();
            results.add(finer);
        }
        return results;
    }

    private static List<TimedChunk> downsampled(List<TimedChunk> chunks, long from, long to)
            throws CorruptChunkException {
        List<TimedChunk> coarser = chunks;
        if (from == 0) {
            coarser = SeriesDownsampler.raw(coarser, Resolution.FIVE_MINUTES);
        }
        return to == Resolution.ONE_HOUR.millis()
                ? SeriesDownsampler.aggregates(coarser, Resolution.ONE_HOUR)
                : coarser;
    }
}
