package io.edgeship.block.pack;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk;
import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The chunks that are not in the columns of their series: each is taken apart for itself, or carried as it is.
/// Not thread-safe.
final class OtherChunks {
    private static final int AS_IT_IS = 0;
    private static final int SAMPLES = 1;
    private static final int AGGREGATES = 2;
    private static final int AGGREGATE_COUNT = AggregateChunk.Aggregate.values().length;

    private final ContextCoder coder;
    private final WorkBound bound;
    private final ChunkColumn.ChunkBytes carried;
    private final BitDialect dialect;
    private final SampleColumns samples;
    private long minTime;
    private long maxTime;

    OtherChunks(ContextCoder coder, WorkBound bound, ChunkColumn.ChunkBytes carried, BitDialect dialect) {
        this.coder = coder;
        this.bound = bound;
        this.carried = carried;
        this.dialect = dialect;
        samples = new SampleColumns(coder, AGGREGATE_COUNT);
    }

    void beginSeries(int metric) {
        samples.beginSeries(metric);
    }

    /// Codes a chunk.
    ///
    /// @param given ignored by a decoder
    byte[] code(int encodingCode, byte[] given) throws IOException {
        minTime = maxTime;
        AggregateChunk aggregates = coder.decoding() ? null : aggregates(encodingCode, given);
        if (coder.choice(Field.AGGREGATES, encodingCode, 0, aggregates == null ? 0 : 1, 2) == 0) {
            return codePart(0, encodingCode, given);
        }
        List<Optional<AggregateChunk.Part>> parts = new ArrayList<>();
        for (int i = 0; i < AGGREGATE_COUNT; i++) {
            parts.add(codeAggregate(
                    i, aggregates == null ? null : aggregates.parts().get(i).orElse(null)));
        }
        return new AggregateChunk(parts).toBytes();
    }

    /// Null for a chunk that is something else.
    private static @Nullable AggregateChunk aggregates(int encodingCode, byte[] data) {
        if (Encoding.of(encodingCode) != Encoding.AGGREGATE) {
            return null;
        }
        try {
            AggregateChunk aggregates = AggregateChunk.decode(data);
            return Arrays.equals(aggregates.toBytes(), data) ? aggregates : null;
        } catch (CorruptChunkException _) {
            return null;
        }
    }

    private Optional<AggregateChunk.Part> codeAggregate(int aggregate, AggregateChunk.@Nullable Part given)
            throws IOException {
        if (coder.choice(Field.AGGREGATE_HAS, aggregate, 0, given == null ? 0 : 1, 2) == 0) {
            return Optional.empty();
        }
        int encoding = given == null ? 0 : given.encodingCode();
        encoding = coder.bounded(Field.AGGREGATE_ENCODING, aggregate, 0, encoding, 0, 0xff);
        byte[] data = codePart(aggregate, encoding, given == null ? new byte[0] : given.data());
        if (data.length == 0) {
            throw coder.corrupt("an aggregate without bytes");
        }
        return Optional.of(new AggregateChunk.Part(encoding, data));
    }

    private byte[] codePart(int part, int encodingCode, byte[] given) throws IOException {
        ChunkSamples taken = coder.decoding() ? null : ChunkSamples.of(encodingCode, given, dialect);
        int form = taken != null && LayoutColumn.fits(taken.layout()) ? SAMPLES : AS_IT_IS;
        form = coder.choice(Field.CHUNK_FORM, encodingCode, 0, form, AGGREGATES);
        if (form == AS_IT_IS) {
            int length = coder.bounded(Field.CHUNK_BYTES, encodingCode, 0, given.length, 0, bound.bytesMax());
            byte[] data = coder.decoding() ? new byte[length] : given;
            carried.carry(data);
            return data;
        }
        Encoding encoding = Encoding.of(encodingCode);
        if (!encoding.holdsSamples()) {
            throw coder.corrupt("samples of a chunk of encoding %d".formatted(encodingCode));
        }
        ChunkSamples coded = samples.code(part, encoding, taken);
        minTime = part == 0 ? coded.times()[0] : minTime;
        maxTime = coded.times()[coded.times().length - 1];
        return coder.decoding() ? encode(encoding, coded) : given;
    }

    private byte[] encode(Encoding encoding, ChunkSamples coded) throws IOException {
        try {
            byte[] data = SampleChunks.encode(encoding, coded, dialect);
            if (coded.fits(data)) {
                return data;
            }
            throw coder.corrupt("more samples than their chunk has bits");
        } catch (IllegalArgumentException e) {
            throw coder.corrupt("samples that no chunk has: " + e.getMessage());
        }
    }

    /// Where the chunk that was coded last begins, as far as its samples say.
    long minTime() {
        return minTime;
    }

    long maxTime() {
        return maxTime;
    }
}
