package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Downsamples the chunks of one series after the other. All samples of a series are in memory meanwhile, and the
/// memory is kept for the next one. Not thread-safe.
public final class SeriesDownsampler {
    /// Floats that room is made for at once.
    private static final int RESERVED_MAX = 1 << 20;

    private final FloatRun floats = new FloatRun();
    private final FloatWindows windows = new FloatWindows();
    private final HistogramRun histograms = new HistogramRun();
    private final List<Aggregated> done = new ArrayList<>();

    public SeriesDownsampler() {}

    /// Of raw samples. What comes out may be nothing: of a series that was stale all the time, say.
    ///
    /// @param chunks in the order of time, of encodings that hold samples
    /// @throws CorruptChunkException also for samples that are not where a chunk's times say
    public static List<TimedChunk> raw(List<TimedChunk> chunks, Resolution resolution) throws CorruptChunkException {
        SeriesDownsampler series = new SeriesDownsampler();
        series.addRaw(chunks, resolution);
        return Aggregated.timed(series.done);
    }

    /// Of raw samples, both resolutions: the coarser from the windows of the finer, which are not decoded again. As if
    /// one were made by [#raw] and the other by [#aggregates].
    ///
    /// @param chunks as for [#raw]
    /// @return five minutes, then an hour
    public List<List<TimedChunk>> both(List<TimedChunk> chunks) throws CorruptChunkException {
        addRaw(chunks, Resolution.FIVE_MINUTES);
        return List.of(Aggregated.timed(done), again(done, Resolution.ONE_HOUR));
    }

    private void addRaw(List<TimedChunk> chunks, Resolution resolution) throws CorruptChunkException {
        done.clear();
        floats.clear();
        windows.clear();
        histograms.clear();
        floats.reserve(floatsMax(chunks));
        boolean wereFloats = true;
        for (TimedChunk timed : chunks) {
            requireSamples(timed.chunk());
            boolean areFloats = timed.chunk().encoding().holdsFloats();
            if (areFloats != wereFloats) {
                flush(resolution);
                wereFloats = areFloats;
            }
            if (areFloats) {
                addFloats(timed);
            } else {
                addHistograms(timed);
            }
        }
        flush(resolution);
    }

    private void addFloats(TimedChunk timed) throws CorruptChunkException {
        int from = floats.size();
        floats.addAll(timed.chunk());
        if (floats.size() > from) {
            requireWithin(timed, floats.time(from), floats.time(floats.size() - 1));
        }
    }

    private void addHistograms(TimedChunk timed) throws CorruptChunkException {
        int from = histograms.size();
        HistogramDownsampler.expand(timed.chunk().iterator(), Integer.MAX_VALUE, histograms);
        if (histograms.size() > from) {
            requireWithin(timed, histograms.time(from), histograms.time(histograms.size() - 1));
        }
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

    private void flush(Resolution resolution) {
        done.addAll(FloatDownsampler.raw(floats, resolution, windows));
        done.addAll(Aggregated.read(HistogramDownsampler.raw(histograms, resolution)));
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
        return again(Aggregated.read(aggregated(chunks)), resolution);
    }

    private static List<TimedChunk> again(List<Aggregated> chunks, Resolution resolution) throws CorruptChunkException {
        List<TimedChunk> result = new ArrayList<>();
        int from = 0;
        boolean wereHistograms = false;
        for (int i = 0; i < chunks.size(); i++) {
            boolean areHistograms = areHistograms(chunks.get(i));
            if (i > from && areHistograms != wereHistograms) {
                again(chunks.subList(from, i), wereHistograms, resolution, result);
                from = i;
            }
            wereHistograms = areHistograms;
        }
        if (from < chunks.size()) {
            again(chunks.subList(from, chunks.size()), wereHistograms, resolution, result);
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

    private static boolean areHistograms(Aggregated chunk) throws CorruptChunkException {
        if (chunk.floats() != null) {
            return false;
        }
        return AggregateChunk.decode(chunk.timed().chunk().data())
                .part(Aggregate.COUNTER)
                .map(part -> Encoding.of(part.encodingCode()) == Encoding.FLOAT_HISTOGRAM
                        || Encoding.of(part.encodingCode()) == Encoding.HISTOGRAM)
                .orElse(false);
    }

    private static void again(
            List<Aggregated> chunks, boolean areHistograms, Resolution resolution, List<TimedChunk> to)
            throws CorruptChunkException {
        int windows = chunks.stream()
                .mapToInt(chunk -> Math.max(0, chunk.timed().chunk().sampleCount()))
                .sum();
        int number = resolution.chunks(
                chunks.getFirst().timed().minTime(), chunks.getLast().timed().maxTime(), windows);
        int batchSize = Math.max(1, chunks.size() / number);
        for (int from = 0; from < chunks.size(); from += batchSize) {
            List<Aggregated> batch = chunks.subList(from, Math.min(from + batchSize, chunks.size()));
            if (areHistograms) {
                to.addAll(HistogramDownsampler.aggregates(Aggregated.decoded(batch), resolution));
            } else {
                to.add(FloatDownsampler.aggregates(batch, resolution));
            }
        }
    }
}
