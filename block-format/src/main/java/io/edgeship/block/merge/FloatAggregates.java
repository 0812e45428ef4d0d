package io.edgeship.block.merge;

import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Part;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunks.Chunk;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A chunk of aggregates of floats, taken apart. A window is what COUNT has one of; other aggregates may lack it.
final class FloatAggregates {
    private final Resolution resolution;
    private final Map<Aggregate, SortedMap<Long, Double>> values = new EnumMap<>(Aggregate.class);
    private final long[] ends;
    private final double[] totals;
    private final long firstMillis;
    private final double firstValue;
    private final double lastValue;

    private record Entry(long timeMillis, double value) {}

    FloatAggregates(AggregateChunk chunk, Resolution resolution) throws CorruptChunkException {
        this.resolution = resolution;
        for (Aggregate aggregate : FloatWindow.GAUGES) {
            SortedMap<Long, Double> ofEnds = new TreeMap<>();
            entries(chunk, aggregate).forEach(entry -> ofEnds.put(entry.timeMillis(), entry.value()));
            values.put(aggregate, ofEnds);
        }
        ends = values(Aggregate.COUNT).keySet().stream().mapToLong(end -> end).toArray();
        if (ends.length == 0) {
            throw new CorruptChunkException("a chunk of aggregates without windows");
        }
        List<Entry> counter = entries(chunk, Aggregate.COUNTER);
        counter.removeIf(entry -> Double.isNaN(entry.value()));
        if (counter.isEmpty()) { // nothing was counted
            counter.add(new Entry(ends[0], 0));
        }
        Entry first = counter.getFirst();
        firstMillis = Math.clamp(first.timeMillis(), windowStart(0), ends[0]);
        firstValue = first.value();
        lastValue = counter.getLast().value();
        totals = totals(counter);
    }

    private static List<Entry> entries(AggregateChunk chunk, Aggregate aggregate) throws CorruptChunkException {
        Optional<Part> part = chunk.part(aggregate);
        List<Entry> entries = new ArrayList<>();
        if (part.isPresent()) {
            Chunk content = new Chunk(part.get().encodingCode(), part.get().data());
            if (!content.encoding().holdsFloats()) {
                throw new CorruptChunkException(
                        "aggregate %s has encoding %d".formatted(aggregate, content.encodingCode()));
            }
            FloatIterator samples = content.floats();
            while (samples.next()) {
                entries.add(new Entry(samples.timeMillis(), samples.value()));
            }
        }
        return entries;
    }

    /// The last entry repeats a time: it is the raw value, not a total.
    private double[] totals(List<Entry> counter) {
        int size = counter.size();
        boolean endsRaw = size > 1
                && counter.get(size - 1).timeMillis() == counter.get(size - 2).timeMillis();
        List<Entry> counted = endsRaw ? counter.subList(0, size - 1) : counter;
        double[] result = new double[ends.length];
        double total = firstValue;
        int next = 0;
        for (int i = 0; i < ends.length; i++) {
            for (; next < counted.size() && counted.get(next).timeMillis() <= ends[i]; next++) {
                total = counted.get(next).value();
            }
            result[i] = total;
        }
        return result;
    }

    private SortedMap<Long, Double> values(Aggregate aggregate) {
        return values.getOrDefault(aggregate, new TreeMap<>());
    }

    int size() {
        return ends.length;
    }

    long endMillis(int index) {
        return ends[index];
    }

    long windowStart(int index) {
        return resolution.windowStart(ends[index]);
    }

    double total(int index) {
        return totals[index];
    }

    boolean has(Aggregate aggregate, int index) {
        return values(aggregate).containsKey(ends[index]);
    }

    double valueOr(Aggregate aggregate, int index, double otherwise) {
        return values(aggregate).getOrDefault(ends[index], otherwise);
    }

    /// When the first raw value was.
    long firstMillis() {
        return firstMillis;
    }

    double firstValue() {
        return firstValue;
    }

    double lastValue() {
        return lastValue;
    }
}
