package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Makes a merge's downsampled results. Several threads may downsample, and one may write.
final class CoarserResults {
    private final List<MergeOutput> outputs;
    private final long resolutionMillis;

    /// @param outputs          finest first, each coarser than the merge
    /// @param resolutionMillis of the merge
    CoarserResults(List<MergeOutput> outputs, long resolutionMillis) {
        this.outputs = List.copyOf(outputs);
        this.resolutionMillis = resolutionMillis;
    }

    /// The chunks of each result.
    ///
    /// @param downsampler of the calling thread
    /// @throws MergeSourceException naming the source that is at fault
    List<List<TimedChunk>> downsampled(MergedSeries series, SeriesDownsampler downsampler) throws MergeSourceException {
        try {
            return downsampled(series.chunks(), downsampler);
        } catch (CorruptChunkException e) {
            throw MergedSeries.blame(series.parts(), e);
        }
    }

    /// Where nothing is left of a series it has no place in that result.
    void write(MergedSeries series, List<List<TimedChunk>> results) throws IOException {
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).isEmpty()) {
                outputs.get(i).stream().series(series.labels(), results.get(i));
            }
        }
    }

    private List<List<TimedChunk>> downsampled(List<TimedChunk> chunks, SeriesDownsampler downsampler)
            throws CorruptChunkException {
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
