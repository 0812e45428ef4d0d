package io.edgeship.block.downsample;

import io.edgeship.block.downsample.Aggregated.Floats;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.XorSamples;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Downsamples floats. Stateless.
final class FloatDownsampler {
    private static final List<Aggregate> ALL = List.of(Aggregate.values());
    private static final List<Aggregate> NOT_COUNTER =
            List.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX);

    private FloatDownsampler() {}

    /// Of raw samples.
    ///
    /// @param windows where those of the chunks are added
    static List<Aggregated> raw(FloatRun run, Resolution resolution, FloatWindows windows) {
        List<Aggregated> chunks = new ArrayList<>();
        if (run.size() == 0) {
            return chunks;
        }
        int number = resolution.chunks(run.time(0), run.time(run.size() - 1), run.size());
        int batchSize = run.size() / number + 1;
        for (int from = 0; from < run.size(); ) {
            int to = Batches.end(run::time, run.size(), from, batchSize, resolution);
            FloatRun batch = run.numbers(from, to);
            if (batch.size() > 0) {
                int first = windows.size();
                windows.addAll(batch, resolution);
                chunks.add(chunk(new Floats(
                        windows, first, windows.size(), batch.time(0), batch.value(0), batch.value(batch.size() - 1))));
            }
            from = to;
        }
        return chunks;
    }

    private static Aggregated chunk(Floats floats) {
        AggregateBuilder builder = new AggregateBuilder();
        long end = floats.windows().end(floats.to() - 1);
        builder.seen(floats.windows().end(floats.from()));
        builder.seen(end);
        builder.addOutside(Aggregate.COUNTER, floats.firstTimeMillis(), floats.firstValue());
        for (Aggregate aggregate : ALL) {
            floats.windows().appendTo(builder.floats(aggregate), aggregate, floats.from(), floats.to());
        }
        builder.addOutside(Aggregate.COUNTER, end, floats.lastValue());
        return new Aggregated(builder.toChunk(), floats);
    }

    /// Of consecutive chunks of aggregates, which become one.
    static TimedChunk aggregates(List<Aggregated> chunks, Resolution resolution) throws CorruptChunkException {
        boolean areInMemory = chunks.stream().allMatch(chunk -> chunk.floats() != null);
        return areInMemory
                ? coarser(
                        chunks.stream()
                                .map(chunk -> Objects.requireNonNull(chunk.floats()))
                                .toList(),
                        resolution)
                : decoded(Aggregated.decoded(chunks), resolution);
    }

    /// @param chunks of the same windows, one after another
    private static TimedChunk coarser(List<Floats> chunks, Resolution resolution) {
        AggregateBuilder builder = new AggregateBuilder();
        FloatWindows windows = chunks.getFirst().windows();
        int from = chunks.getFirst().from();
        int to = chunks.getLast().to();
        FloatWindows coarser = new FloatWindows();
        coarser.addAll(windows, from, to, resolution);
        for (Aggregate aggregate : NOT_COUNTER) {
            coarser.appendTo(builder.floats(aggregate), aggregate, 0, coarser.size());
        }
        builder.seen(coarser.end(0));
        builder.seen(coarser.end(coarser.size() - 1));
        CounterTotal total = new CounterTotal();
        FloatRun counter = new FloatRun();
        counter.reserve(to - from + 2 * chunks.size());
        for (Floats chunk : chunks) {
            FloatRun raw = windows.column(Aggregate.COUNTER, chunk.from(), chunk.to());
            count(total, counter, chunk.firstTimeMillis(), chunk.firstValue());
            for (int i = 0; i < raw.size(); i++) {
                count(total, counter, raw.time(i), raw.value(i));
            }
            count(total, counter, raw.time(raw.size() - 1), chunk.lastValue());
        }
        counter(counter, total.lastValue(), resolution, builder);
        return builder.toChunk();
    }

    private static void count(CounterTotal total, FloatRun to, long timeMillis, double value) {
        if (total.add(timeMillis, value)) {
            to.add(timeMillis, total.total());
        }
    }

    private static TimedChunk decoded(List<AggregateChunk> chunks, Resolution resolution) throws CorruptChunkException {
        AggregateBuilder builder = new AggregateBuilder();
        for (Aggregate aggregate : NOT_COUNTER) {
            again(aggregate, chunks, resolution, builder);
        }
        List<Chunk> parts = floats(Aggregate.COUNTER, chunks);
        if (!parts.isEmpty()) {
            FloatRun run = roomFor(parts);
            CounterIterator counter =
                    new CounterIterator(parts.stream().map(Chunk::floats).toList());
            while (counter.next()) {
                run.add(counter.timeMillis(), counter.total());
            }
            counter(run, counter.lastValue(), resolution, builder);
        }
        return builder.toChunk();
    }

    /// Downsamples one aggregate of floats, not the counter.
    static void again(Aggregate aggregate, List<AggregateChunk> chunks, Resolution resolution, AggregateBuilder builder)
            throws CorruptChunkException {
        List<Chunk> parts = floats(aggregate, chunks);
        FloatRun run = roomFor(parts);
        for (Chunk part : parts) {
            run.addAll(part);
        }
        again(aggregate, run, resolution, builder);
    }

    private static void again(Aggregate aggregate, FloatRun run, Resolution resolution, AggregateBuilder builder) {
        if (run.size() > 0) {
            Aggregate of = aggregate == Aggregate.COUNT ? Aggregate.SUM : aggregate; // counts add up
            append(builder.floats(aggregate), of, run, resolution, builder);
        }
    }

    private static void counter(FloatRun run, double lastValue, Resolution resolution, AggregateBuilder builder) {
        if (run.size() > 0) {
            FloatAppender to = builder.floats(Aggregate.COUNTER);
            builder.addOutside(Aggregate.COUNTER, run.time(0), run.value(0));
            long end = append(to, Aggregate.COUNTER, run, resolution, builder);
            builder.addOutside(Aggregate.COUNTER, end, lastValue);
        }
    }

    /// Returns the end of the last window.
    private static long append(
            FloatAppender to, Aggregate aggregate, FloatRun run, Resolution resolution, AggregateBuilder builder) {
        FloatWindows windows = new FloatWindows();
        windows.addAll(run, resolution);
        windows.appendTo(to, aggregate, 0, windows.size());
        long end = windows.end(windows.size() - 1);
        builder.seen(windows.end(0));
        builder.seen(end);
        return end;
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
