package io.edgeship.block.downsample;

import io.edgeship.block.head.UncutHistograms;
import io.edgeship.block.histogram.FloatHistogram;
import io.edgeship.block.histogram.FloatHistograms;
import io.edgeship.block.sample.FloatHistogramSample;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Part;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.CounterReset;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramChunkIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Downsamples native histograms. Stateless.
final class HistogramDownsampler {
    private HistogramDownsampler() {}

    /// Adds the histograms of a chunk that are no stale markers and do not go back in time.
    ///
    /// @param most after which the rest is not looked at
    static void expand(ChunkIterator samples, int most, HistogramRun to) throws CorruptChunkException {
        if (!(samples instanceof HistogramChunkIterator histograms)) {
            throw new CorruptChunkException("floats where histograms are expected");
        }
        boolean isGauge = histograms.counterReset() == CounterReset.GAUGE;
        long last = Long.MIN_VALUE;
        int from = to.size();
        for (boolean isFirst = true; to.size() - from < most && histograms.next(); isFirst = false) {
            if (isFirst && from > 0) {
                histograms.shareLayout(to.layout(from - 1));
            }
            if (!histograms.isStaleMarker() && histograms.timeMillis() >= last) {
                last = histograms.timeMillis();
                to.add(last, isGauge, !isFirst, histogram(histograms));
            }
        }
    }

    private static FloatHistogram histogram(HistogramChunkIterator at) {
        return switch (at) {
            case HistogramIterator it -> it.floatHistogram();
            case FloatHistogramIterator it -> it.histogram();
        };
    }

    /// Of raw samples.
    static List<TimedChunk> raw(HistogramRun run, Resolution resolution) {
        List<TimedChunk> chunks = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= run.size(); i++) {
            if (i == run.size() || !areAlike(run, from, i)) {
                alike(run, from, i, resolution, chunks);
                from = i;
            }
        }
        return chunks;
    }

    /// Of histograms that can be added up without loss, from `from` to before `to`.
    private static void alike(HistogramRun run, int from, int to, Resolution resolution, List<TimedChunk> chunks) {
        int size = to - from;
        int batchSize = size / resolution.chunks(run.time(from), run.time(to - 1), size) + 1;
        for (int begin = 0; begin < size; ) {
            int end = Batches.end(i -> run.time(from + i), size, begin, batchSize, resolution);
            int[] batch = IntStream.range(from + begin, from + end)
                    .filter(i -> !Double.isNaN(run.sum(i)))
                    .toArray();
            if (batch.length > 0) {
                chunks.addAll(chunks(run, batch, resolution));
            }
            begin = end;
        }
    }

    private static boolean areAlike(HistogramRun run, int a, int b) {
        return run.isGauge(a) == run.isGauge(b) && FloatHistograms.areComparable(run.layout(a), run.layout(b));
    }

    private static List<TimedChunk> chunks(HistogramRun run, int[] batch, Resolution resolution) {
        HistogramAggregates chunks = new HistogramAggregates(run.isGauge(batch[0]));
        HistogramWindows.forEach(
                run,
                batch,
                resolution,
                (time, window) -> chunks.add(time, window.count(), window.sum(), window.counter()));
        return chunks.finish();
    }

    /// Of consecutive chunks of aggregates, which become one, or more where they cannot be added up.
    static List<TimedChunk> aggregates(List<AggregateChunk> chunks, Resolution resolution)
            throws CorruptChunkException {
        List<TimedChunk> result = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= chunks.size(); i++) {
            if (i == chunks.size() || !areAlike(chunks.get(from), chunks.get(i))) {
                together(chunks.subList(from, i), resolution).ifPresent(result::add);
                from = i;
            }
        }
        return result;
    }

    private static boolean areAlike(AggregateChunk a, AggregateChunk b) throws CorruptChunkException {
        HistogramRun first = run(Aggregate.COUNTER, List.of(a), 1);
        HistogramRun second = run(Aggregate.COUNTER, List.of(b), 1);
        return first.isEmpty()
                || second.isEmpty()
                || (first.isGauge(0) == second.isGauge(0)
                        && FloatHistograms.areComparable(first.layout(0), second.layout(0)));
    }

    private static Optional<TimedChunk> together(List<AggregateChunk> chunks, Resolution resolution)
            throws CorruptChunkException {
        AggregateBuilder builder = new AggregateBuilder();
        HistogramRun counters = run(Aggregate.COUNTER, chunks, Integer.MAX_VALUE);
        boolean isGauge = !counters.isEmpty() && counters.isGauge(0);
        put(Aggregate.COUNTER, counters, isGauge, HistogramWindows::counter, resolution, builder);
        put(
                Aggregate.SUM,
                run(Aggregate.SUM, chunks, Integer.MAX_VALUE),
                true,
                HistogramWindows::sum,
                resolution,
                builder);
        FloatDownsampler.again(Aggregate.COUNT, chunks, resolution, builder);
        return builder.isEmpty() ? Optional.empty() : Optional.of(builder.toChunk());
    }

    private static void put(
            Aggregate aggregate,
            HistogramRun run,
            boolean isGauge,
            Function<HistogramWindows, FloatHistogram> value,
            Resolution resolution,
            AggregateBuilder builder)
            throws CorruptChunkException {
        if (run.isEmpty()) {
            return;
        }
        UncutHistograms histograms = new UncutHistograms();
        boolean[] allFit = {true};
        int[] all = IntStream.range(0, run.size()).toArray();
        HistogramWindows.forEach(run, all, resolution, (time, window) -> {
            builder.seen(time);
            allFit[0] &= histograms.append(new FloatHistogramSample(0, time, isGauge, value.apply(window)));
        });
        if (!allFit[0]) {
            throw new CorruptChunkException("a counter of aggregates goes down");
        }
        builder.put(aggregate, histograms.toChunk());
    }

    /// @param most of each chunk
    private static HistogramRun run(Aggregate aggregate, List<AggregateChunk> chunks, int most)
            throws CorruptChunkException {
        HistogramRun run = new HistogramRun();
        for (AggregateChunk chunk : chunks) {
            Optional<Part> part = chunk.part(aggregate);
            if (part.isPresent()) {
                Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
                if (!content.holdsSamples() || content.iterator() instanceof FloatIterator) {
                    throw new CorruptChunkException(
                            "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
                }
                expand(content.iterator(), most, run);
            }
        }
        return run;
    }
}
