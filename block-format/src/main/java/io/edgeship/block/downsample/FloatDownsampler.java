package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.XorSamples;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Downsamples floats. Stateless.
final class FloatDownsampler {
    private FloatDownsampler() {}

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
        FloatAppender count = builder.floats(Aggregate.COUNT);
        FloatAppender sum = builder.floats(Aggregate.SUM);
        FloatAppender min = builder.floats(Aggregate.MIN);
        FloatAppender max = builder.floats(Aggregate.MAX);
        FloatAppender counter = builder.floats(Aggregate.COUNTER);
        append(counter, batch.time(0), batch.value(0));
        long end = FloatWindows.forEach(batch, resolution, (time, window) -> {
            builder.seen(time);
            append(count, time, window.count());
            append(sum, time, window.sum());
            append(min, time, window.min());
            append(max, time, window.max());
            append(counter, time, window.counter());
        });
        append(counter, end, batch.value(batch.size() - 1));
        return builder.toChunk();
    }

    private static void append(FloatAppender to, long timeMillis, double value) {
        to.append(0, timeMillis, Double.doubleToRawLongBits(value));
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
        List<Chunk> parts = floats(aggregate, chunks);
        FloatRun run = roomFor(parts);
        for (Chunk part : parts) {
            run.addAll(part);
        }
        if (run.size() > 0) {
            FloatAppender to = builder.floats(aggregate);
            FloatWindows.forEach(run, resolution, (time, window) -> {
                builder.seen(time);
                append(to, time, value.applyAsDouble(window));
            });
        }
    }

    private static void counter(List<AggregateChunk> chunks, Resolution resolution, AggregateBuilder builder)
            throws CorruptChunkException {
        List<Chunk> parts = floats(Aggregate.COUNTER, chunks);
        if (parts.isEmpty()) {
            return;
        }
        FloatRun run = roomFor(parts);
        CounterIterator counter =
                new CounterIterator(parts.stream().map(Chunk::floats).toList());
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

    private static FloatRun roomFor(List<Chunk> parts) {
        FloatRun run = new FloatRun();
        run.reserve(parts.stream()
                .mapToInt(part -> XorSamples.countMax(part.data()))
                .sum());
        return run;
    }

    private static List<Chunk> floats(Aggregate aggregate, List<AggregateChunk> chunks) throws CorruptChunkException {
        List<Chunk> parts = new ArrayList<>();
        for (AggregateChunk chunk : chunks) {
            var part = chunk.part(aggregate);
            if (part.isPresent()) {
                Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
                if (!content.encoding().holdsFloats()) {
                    throw new CorruptChunkException(
                            "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
                }
                parts.add(content);
            }
        }
        return parts;
    }
}
