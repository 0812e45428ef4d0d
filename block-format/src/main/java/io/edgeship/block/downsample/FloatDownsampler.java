package io.edgeship.block.downsample;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Downsamples floats. Stateless.
final class FloatDownsampler {
    private FloatDownsampler() {}

    /// Adds the samples of a chunk that are no stale markers and do not go back in time.
    static void expand(FloatIterator samples, FloatRun to) throws CorruptChunkException {
        long last = Long.MIN_VALUE;
        while (samples.next()) {
            boolean isStale = samples.valueBits() == StaleMarker.BITS;
            if (!isStale && samples.timeMillis() >= last) {
                last = samples.timeMillis();
                to.add(last, samples.value());
            }
        }
    }

    /// Of raw samples.
    static List<TimedChunk> raw(FloatRun run, Resolution resolution) {
        List<TimedChunk> chunks = new ArrayList<>();
        if (run.size() == 0) {
            return chunks;
        }
        int number = resolution.chunks(run.time(0), run.time(run.size() - 1), run.size());
        int batchSize = run.size() / number + 1;
        for (int from = 0; from < run.size(); ) {
            int to = Batches.end(run::time, run.size(), from, batchSize, resolution);
            FloatRun batch = run.numbers(from, to);
            if (batch.size() > 0) {
                chunks.add(chunk(batch, resolution));
            }
            from = to;
        }
        return chunks;
    }

    private static TimedChunk chunk(FloatRun batch, Resolution resolution) {
        AggregateBuilder builder = new AggregateBuilder();
        builder.addOutside(Aggregate.COUNTER, batch.time(0), batch.value(0));
        long end = FloatWindows.forEach(batch, resolution, (time, window) -> {
            builder.add(Aggregate.COUNT, time, window.count());
            builder.add(Aggregate.SUM, time, window.sum());
            builder.add(Aggregate.MIN, time, window.min());
            builder.add(Aggregate.MAX, time, window.max());
            builder.add(Aggregate.COUNTER, time, window.counter());
        });
        builder.addOutside(Aggregate.COUNTER, end, batch.value(batch.size() - 1));
        return builder.toChunk();
    }

    /// Of consecutive chunks of aggregates, which become one.
    static TimedChunk aggregates(List<AggregateChunk> chunks, Resolution resolution) throws CorruptChunkException {
        AggregateBuilder builder = new AggregateBuilder();
        again(Aggregate.COUNT, chunks, resolution, builder, FloatWindows::sum);
        again(Aggregate.SUM, chunks, resolution, builder, FloatWindows::sum);
        again(Aggregate.MIN, chunks, resolution, builder, FloatWindows::min);
        again(Aggregate.MAX, chunks, resolution, builder, FloatWindows::max);
        counter(chunks, resolution, builder);
        return builder.toChunk();
    }

    /// Downsamples one aggregate of floats.
    static void again(
            Aggregate aggregate,
            List<AggregateChunk> chunks,
            Resolution resolution,
            AggregateBuilder builder,
            ToDoubleFunction<FloatWindows> value)
            throws CorruptChunkException {
        FloatRun run = new FloatRun();
        for (FloatIterator samples : floats(aggregate, chunks)) {
            expand(samples, run);
        }
        if (run.size() > 0) {
            FloatWindows.forEach(
                    run, resolution, (time, window) -> builder.add(aggregate, time, value.applyAsDouble(window)));
        }
    }

    private static void counter(List<AggregateChunk> chunks, Resolution resolution, AggregateBuilder builder)
            throws CorruptChunkException {
        List<FloatIterator> parts = floats(Aggregate.COUNTER, chunks);
        if (parts.isEmpty()) {
            return;
        }
        FloatRun run = new FloatRun();
        CounterIterator counter = new CounterIterator(parts);
        while (counter.next()) {
            run.add(counter.timeMillis(), counter.total());
        }
        if (run.size() == 0) {
            return;
        }
        builder.addOutside(Aggregate.COUNTER, run.time(0), run.value(0));
        long end = FloatWindows.forEach(
                run, resolution, (time, window) -> builder.add(Aggregate.COUNTER, time, window.counter()));
        builder.addOutside(Aggregate.COUNTER, end, counter.lastValue());
    }

    private static List<FloatIterator> floats(Aggregate aggregate, List<AggregateChunk> chunks)
            throws CorruptChunkException {
        List<FloatIterator> parts = new ArrayList<>();
        for (AggregateChunk chunk : chunks) {
            var part = chunk.part(aggregate);
            if (part.isPresent()) {
                Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
                if (!content.encoding().holdsFloats()) {
                    throw new CorruptChunkException(
                            "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
                }
                parts.add(content.floats());
            }
        }
        return parts;
    }
}
