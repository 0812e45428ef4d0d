package io.edgeship.block.downsample;

import io.edgeship.block.downsample.HistogramWindows.Point;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Downsamples the chunks of one series. All its samples are in memory meanwhile. Stateless.
public final class SeriesDownsampler {
    /// Floats that room is made for at once.
    private static final int RESERVED_MAX = 1 << 20;

    private SeriesDownsampler() {}

    /// Of raw samples. What comes out may be nothing: of a series that was stale all the time, say.
    ///
    /// @param chunks in the order of time, of encodings that hold samples
    /// @throws CorruptChunkException also for samples that are not where a chunk's times say
    public static List<TimedChunk> raw(List<TimedChunk> chunks, Resolution resolution) throws CorruptChunkException {
        List<TimedChunk> result = new ArrayList<>();
        FloatRun floats = new FloatRun();
        floats.reserve(floatsMax(chunks));
        List<Point> histograms = new ArrayList<>();
        boolean wereFloats = true;
        for (TimedChunk timed : chunks) {
            Chunk chunk = timed.chunk();
            requireSamples(chunk);
            boolean areFloats = chunk.encoding().holdsFloats();
            if (areFloats != wereFloats) {
                flush(floats, histograms, resolution, result);
                wereFloats = areFloats;
            }
            if (areFloats) {
                int from = floats.size();
                floats.addAll(chunk);
                if (floats.size() > from) {
                    requireWithin(timed, floats.time(from), floats.time(floats.size() - 1));
                }
            } else {
                int from = histograms.size();
                HistogramDownsampler.expand(chunk.iterator(), histograms);
                if (histograms.size() > from) {
                    requireWithin(
                            timed,
                            histograms.get(from).timeMillis(),
                            histograms.getLast().timeMillis());
                }
            }
        }
        flush(floats, histograms, resolution, result);
        return result;
    }

    /// So many as the chunks say, and as their bytes can hold: a time and a value take two bits at least.
    private static int floatsMax(List<TimedChunk> chunks) {
        long floats = 0;
        for (TimedChunk timed : chunks) {
            Chunk chunk = timed.chunk();
            floats += chunk.encoding().holdsFloats() ? Math.min(chunk.sampleCount(), 4L * chunk.data().length) : 0;
        }
        return Math.clamp(floats, 0, RESERVED_MAX);
    }

    /// The index says where a chunk's samples lie; by that chunks were ordered.
    private static void requireWithin(TimedChunk timed, long first, long last) throws CorruptChunkException {
        if (first < timed.minTime() || last > timed.maxTime()) {
            throw new CorruptChunkException("samples from %d to %d in a chunk from %d to %d"
                    .formatted(first, last, timed.minTime(), timed.maxTime()));
        }
    }

    private static void flush(FloatRun floats, List<Point> histograms, Resolution resolution, List<TimedChunk> to) {
        to.addAll(FloatDownsampler.raw(floats, resolution));
        to.addAll(HistogramDownsampler.raw(histograms, resolution));
        floats.clear();
        histograms.clear();
    }

    private static void requireSamples(Chunk chunk) throws CorruptChunkException {
        if (!chunk.holdsSamples()) {
            throw new CorruptChunkException(
                    "a chunk of encoding %d has no samples to downsample".formatted(chunk.encodingCode()));
        }
    }

    /// Of aggregates. A chunk of raw samples among them, as old versions of Thanos left some, is downsampled first.
    ///
    /// @param chunks in the order of time
    public static List<TimedChunk> aggregates(List<TimedChunk> chunks, Resolution resolution)
            throws CorruptChunkException {
        List<TimedChunk> result = new ArrayList<>();
        List<TimedChunk> alike = new ArrayList<>();
        boolean wereHistograms = false;
        for (TimedChunk timed : aggregated(chunks)) {
            boolean areHistograms =
                    areHistograms(AggregateChunk.decode(timed.chunk().data()));
            if (!alike.isEmpty() && areHistograms != wereHistograms) {
                again(alike, wereHistograms, resolution, result);
                alike.clear();
            }
            wereHistograms = areHistograms;
            alike.add(timed);
        }
        if (!alike.isEmpty()) {
            again(alike, wereHistograms, resolution, result);
        }
        return result;
    }

    private static List<TimedChunk> aggregated(List<TimedChunk> chunks) throws CorruptChunkException {
        List<TimedChunk> aggregated = new ArrayList<>();
        for (TimedChunk timed : chunks) {
            if (timed.chunk().encoding() == Encoding.AGGREGATE) {
                aggregated.add(timed);
            } else if (timed.chunk().sampleCount() != 0) {
                aggregated.addAll(raw(List.of(timed), Resolution.FIVE_MINUTES));
            }
        }
        return aggregated;
    }

    private static boolean areHistograms(AggregateChunk chunk) {
        return chunk.part(Aggregate.COUNTER)
                .map(part -> Encoding.of(part.encodingCode()) == Encoding.FLOAT_HISTOGRAM
                        || Encoding.of(part.encodingCode()) == Encoding.HISTOGRAM)
                .orElse(false);
    }

    private static void again(
            List<TimedChunk> chunks, boolean areHistograms, Resolution resolution, List<TimedChunk> to)
            throws CorruptChunkException {
        int windows = chunks.stream()
                .mapToInt(timed -> Math.max(0, timed.chunk().sampleCount()))
                .sum();
        int number =
                resolution.chunks(chunks.getFirst().minTime(), chunks.getLast().maxTime(), windows);
        int batchSize = Math.max(1, chunks.size() / number);
        for (int from = 0; from < chunks.size(); from += batchSize) {
            List<AggregateChunk> batch = new ArrayList<>();
            for (TimedChunk timed : chunks.subList(from, Math.min(from + batchSize, chunks.size()))) {
                batch.add(AggregateChunk.decode(timed.chunk().data()));
            }
            if (areHistograms) {
                to.addAll(HistogramDownsampler.aggregates(batch, resolution));
            } else {
                to.add(FloatDownsampler.aggregates(batch, resolution));
            }
        }
    }
}
