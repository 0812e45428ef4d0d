package io.edgeship.block.downsample;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Part;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts a chunk of aggregates together. Not thread-safe.
public final class AggregateBuilder {
    private final Map<Aggregate, FloatAppender> floats = new EnumMap<>(Aggregate.class);
    private final Map<Aggregate, Chunk> whole = new EnumMap<>(Aggregate.class);
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    /// Adds what a window has; its time counts for the chunk's.
    public void add(Aggregate aggregate, long endMillis, double value) {
        seen(endMillis);
        addOutside(aggregate, endMillis, value);
    }

    /// Counts a window's time for the chunk's.
    void seen(long endMillis) {
        minTime = Math.min(minTime, endMillis);
        maxTime = Math.max(maxTime, endMillis);
    }

    /// Adds a raw value of the counter.
    public void addOutside(Aggregate aggregate, long timeMillis, double value) {
        floats(aggregate).append(0, timeMillis, Double.doubleToRawLongBits(value));
    }

    /// Where the values of an aggregate go, for whoever adds many: to be asked for only if there are some.
    FloatAppender floats(Aggregate aggregate) {
        return floats.computeIfAbsent(aggregate, _ -> new XorAppender());
    }

    void put(Aggregate aggregate, Chunk chunk) {
        whole.put(aggregate, chunk);
    }

    boolean isEmpty() {
        return minTime > maxTime;
    }

    public TimedChunk toChunk() {
        List<Optional<Part>> parts = new ArrayList<>();
        for (Aggregate aggregate : Aggregate.values()) {
            parts.add(part(aggregate));
        }
        Chunk chunk = new Chunk(Encoding.AGGREGATE.code(), new AggregateChunk(parts).toBytes());
        return new TimedChunk(minTime, maxTime, chunk);
    }

    private Optional<Part> part(Aggregate aggregate) {
        Chunk chunk = whole.get(aggregate);
        if (chunk != null) {
            return Optional.of(new Part(chunk.encodingCode(), chunk.data()));
        }
        return Optional.ofNullable(floats.get(aggregate))
                .map(samples -> new Part(Encoding.XOR.code(), samples.toBytes(BitDialect.SINCE_3_0)));
    }
}
