package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.downsample.SeriesDownsampler;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Downsamples merged series to all coarser resolutions. What comes of a series depends on nothing before it. Not
/// thread-safe.
final class Coarsener {
    private final long fromMillis;
    private final List<Long> toMillis;
    private final SeriesDownsampler downsampler = new SeriesDownsampler();

    /// @param fromMillis resolution of the merge
    /// @param toMillis   finest first, each coarser than that
    Coarsener(long fromMillis, List<Long> toMillis) {
        this.fromMillis = fromMillis;
        this.toMillis = List.copyOf(toMillis);
    }

    /// The chunks of each resolution; there may be none.
    ///
    /// @throws MergeSourceException naming the source that is at fault
    List<List<TimedChunk>> of(MergedSeries series) throws MergeSourceException {
        try {
            return downsampled(series.chunks());
        } catch (CorruptChunkException e) {
            throw MergedSeries.blame(series.parts(), e);
        }
    }

    private List<List<TimedChunk>> downsampled(List<TimedChunk> chunks) throws CorruptChunkException {
        if (fromMillis == 0 && toMillis.size() == 2) {
            return downsampler.both(chunks);
        }
        List<List<TimedChunk>> results = new ArrayList<>(toMillis.size());
        List<TimedChunk> finer = chunks;
        long from = fromMillis;
        for (long to : toMillis) {
            finer = downsampled(finer, from, to);
            from = to;
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
