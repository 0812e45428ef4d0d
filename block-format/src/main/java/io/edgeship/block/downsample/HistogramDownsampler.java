package io.edgeship.block.downsample;

import io.edgeship.block.downsample.HistogramWindows.Point;
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

/// Downsamples native histograms. Stateless.
final class HistogramDownsampler {
    private HistogramDownsampler() {}

    /// Adds the histograms of a chunk that are no stale markers and do not go back in time.
    static void expand(ChunkIterator samples, List<Point> to) throws CorruptChunkException {
        if (!(samples instanceof HistogramChunkIterator histograms)) {
            throw new CorruptChunkException("floats where histograms are expected");
        }
        boolean isGauge = histograms.counterReset() == CounterReset.GAUGE;
        long last = Long.MIN_VALUE;
        for (boolean isFirst = true; histograms.next(); isFirst = false) {
            if (isFirst && !to.isEmpty()) {
                histograms.shareLayout(to.getLast().histogram().layout());
            }
            if (!histograms.isStaleMarker() && histograms.timeMillis() >= last) {
                last = histograms.timeMillis();
                to.add(new Point(last, isGauge, !isFirst, histogram(histograms)));
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
    static List<TimedChunk> raw(List<Point> run, Resolution resolution) {
        List<TimedChunk> chunks = new ArrayList<>();
        for (List<Point> alike : alike(run)) {
            int number = resolution.chunks(
                    alike.getFirst().timeMillis(), alike.getLast().timeMillis(), alike.size());
            int batchSize = alike.size() / number + 1;
            for (int from = 0; from < alike.size(); ) {
                int to = Batches.end(i -> alike.get(i).timeMillis(), alike.size(), from, batchSize, resolution);
                List<Point> batch = alike.subList(from, to).stream()
                        .filter(point -> !Double.isNaN(point.histogram().sum()))
                        .toList();
                if (!batch.isEmpty()) {
                    chunks.addAll(chunks(batch, resolution));
                }
                from = to;
            }
        }
        return chunks;
    }

    /// Runs of histograms that can be added up without loss.
    private static List<List<Point>> alike(List<Point> run) {
        List<List<Point>> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= run.size(); i++) {
            if (i == run.size() || !areAlike(run.get(from), run.get(i))) {
                runs.add(run.subList(from, i));
                from = i;
            }
        }
        return runs;
    }

    private static boolean areAlike(Point a, Point b) {
        return a.isGauge() == b.isGauge()
                && FloatHistograms.areComparable(
                        a.histogram().layout(), b.histogram().layout());
    }

    private static List<TimedChunk> chunks(List<Point> batch, Resolution resolution) {
        HistogramAggregates chunks = new HistogramAggregates(batch.getFirst().isGauge());
        HistogramWindows.forEach(
                batch, resolution, (time, window) -> chunks.add(time, window.count(), window.sum(), window.counter()));
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
        List<Point> points = new ArrayList<>();
        expandFirst(a, points);
        expandFirst(b, points);
        return points.size() < 2 || areAlike(points.getFirst(), points.getLast());
    }

    private static void expandFirst(AggregateChunk chunk, List<Point> to) throws CorruptChunkException {
        List<Point> points = points(Aggregate.COUNTER, List.of(chunk));
        if (!points.isEmpty()) {
            to.add(points.getFirst());
        }
    }

    private static Optional<TimedChunk> together(List<AggregateChunk> chunks, Resolution resolution)
            throws CorruptChunkException {
        AggregateBuilder builder = new AggregateBuilder();
        List<Point> counters = points(Aggregate.COUNTER, chunks);
        boolean isGauge = !counters.isEmpty() && counters.getFirst().isGauge();
        put(Aggregate.COUNTER, counters, isGauge, HistogramWindows::counter, resolution, builder);
        put(Aggregate.SUM, points(Aggregate.SUM, chunks), true, HistogramWindows::sum, resolution, builder);
        FloatDownsampler.again(Aggregate.COUNT, chunks, resolution, builder);
        return builder.isEmpty() ? Optional.empty() : Optional.of(builder.toChunk());
    }

    private static void put(
            Aggregate aggregate,
            List<Point> run,
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
        HistogramWindows.forEach(run, resolution, (time, window) -> {
            builder.seen(time);
            allFit[0] &= histograms.append(new FloatHistogramSample(0, time, isGauge, value.apply(window)));
        });
        if (!allFit[0]) {
            throw new CorruptChunkException("a counter of aggregates goes down");
        }
        builder.put(aggregate, histograms.toChunk());
    }

    private static List<Point> points(Aggregate aggregate, List<AggregateChunk> chunks) throws CorruptChunkException {
        List<Point> points = new ArrayList<>();
        for (AggregateChunk chunk : chunks) {
            Optional<Part> part = chunk.part(aggregate);
            if (part.isPresent()) {
                Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
                if (!content.holdsSamples() || content.iterator() instanceof FloatIterator) {
                    throw new CorruptChunkException(
                            "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
                }
                expand(content.iterator(), points);
            }
        }
        return points;
    }
}
