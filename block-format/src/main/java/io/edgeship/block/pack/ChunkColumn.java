package io.edgeship.block.pack;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How a series' samples are cut into chunks, where segments begin, and the chunks that are carried as they
/// are. All else of a chunk follows from its samples. Not thread-safe.
final class ChunkColumn {
    private static final int AS_BEFORE = 0;
    private static final int KNOWN = 1;
    private static final int NEW = 2;

    /// What Prometheus aims at.
    private static final int USUAL_COUNT = 120;

    private final ContextCoder coder;
    private final WorkBound bound;
    private final OtherChunks others;
    private final BitDialect dialect;
    private final Sequences sequences = new Sequences();
    private int last;
    private int lastEncoding;

    /// Where chunks that are carried go to, or come from.
    @FunctionalInterface
    interface ChunkBytes {
        void carry(byte[] data) throws IOException;
    }

    ChunkColumn(ContextCoder coder, WorkBound bound, ChunkBytes carried, BitDialect dialect) {
        this.coder = coder;
        this.bound = bound;
        others = new OtherChunks(coder, bound, carried, dialect);
        this.dialect = dialect;
    }

    /// Codes the cuts of a series: for each chunk what an encoder knows, an empty one for a decoder to fill.
    List<PackedChunk> code(PackedSeries series, int samples) throws IOException {
        List<PackedChunk> given = series.chunks();
        long[] counts = counts(series, samples);
        boolean[] starts = starts(given, counts.length);
        List<PackedChunk> chunks = new ArrayList<>(counts.length);
        if (Arrays.stream(counts).anyMatch(count -> count == 0)) {
            others.beginSeries(series.value);
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                chunks.add(coder.decoding() ? empty((int) counts[i], starts[i]) : given.get(i));
            } else {
                chunks.add(other(coder.decoding() ? empty(0, starts[i]) : given.get(i)));
            }
        }
        return chunks;
    }

    private static PackedChunk empty(int samples, boolean startsSegment) {
        return new PackedChunk(Encoding.XOR.code(), new byte[0], 0, 0, samples, startsSegment);
    }

    private long[] counts(PackedSeries series, int samples) throws IOException {
        long[] given = series.chunks().stream().mapToLong(PackedChunk::samples).toArray();
        int id = coder.decoding() ? -1 : sequences.find(given);
        int kind = coder.choice(Field.COUNTS_KIND, series.times, 0, id < 0 ? NEW : id == last ? AS_BEFORE : KNOWN, 3);
        if (kind == NEW) {
            id = sequences.add(newCounts(given));
        } else if (kind == KNOWN) {
            id = coder.bounded(Field.COUNTS, 0, last, id, 0, sequences.next() - 1);
        } else {
            id = last;
        }
        last = id;
        long[] counts = sequences.get(id);
        long total = 0;
        for (int i = 0; counts != null && i < counts.length; i++) {
            total += counts[i];
        }
        if (counts == null || total != samples) {
            throw coder.corrupt("chunks of %d samples for %d".formatted(total, samples));
        }
        return counts;
    }

    private long[] newCounts(long[] given) throws IOException {
        int chunks = coder.bounded(
                Field.COUNTS_COUNT, 0, 0, given.length, 0, Math.min(PackLimits.SERIES_CHUNKS_MAX, bound.bytesMax()));
        long[] counts = coder.decoding() ? new long[chunks] : given;
        int before = USUAL_COUNT;
        for (int i = 0; i < chunks; i++) {
            before = coder.bounded(Field.COUNT, 0, before, (int) counts[i], 0, FloatAppender.SAMPLES_MAX);
            counts[i] = before;
        }
        return counts;
    }

    private boolean[] starts(List<PackedChunk> given, int chunks) throws IOException {
        boolean[] starts = new boolean[chunks];
        int count = (int) given.stream().filter(PackedChunk::startsSegment).count();
        count = coder.bounded(Field.SEGMENT_STARTS, 0, 0, count, 0, chunks);
        int next = 0;
        for (int i = 0; i < count; i++) {
            int at = next;
            while (!coder.decoding() && !given.get(at).startsSegment()) {
                at++;
            }
            at = coder.bounded(Field.SEGMENT_START, 0, next, at, next, chunks - 1);
            starts[at] = true;
            next = at + 1;
        }
        return starts;
    }

    private PackedChunk other(PackedChunk given) throws IOException {
        int encoding = coder.bounded(Field.CHUNK_ENCODING, 0, lastEncoding, given.encodingCode(), 0, 0xff);
        lastEncoding = encoding;
        byte[] data = others.code(encoding, given.data());
        long minTime = others.minTime();
        minTime += coder.number(Field.CHUNK_MIN_TIME, 0, 0, given.minTime() - minTime);
        long maxTime = others.maxTime();
        maxTime += coder.number(Field.CHUNK_MAX_TIME, 0, 0, given.maxTime() - maxTime);
        bound.use(coder.decoding() ? data.length : 0);
        return new PackedChunk(encoding, data, minTime, maxTime, 0, given.startsSegment());
    }

    /// The chunks that these samples make: a decoder's way back.
    List<PackedChunk> fill(List<PackedChunk> cut, long[] times, long[] values) throws IOException {
        List<PackedChunk> chunks = new ArrayList<>(cut.size());
        int at = 0;
        for (PackedChunk chunk : cut) {
            if (!chunk.isColumnar()) {
                chunks.add(chunk);
                continue;
            }
            int to = at + chunk.samples();
            byte[] data = encode(times, values, at, to, dialect);
            bound.use(data.length);
            chunks.add(new PackedChunk(
                    chunk.encodingCode(), data, times[at], times[to - 1], chunk.samples(), chunk.startsSegment()));
            at = to;
        }
        return chunks;
    }

    static byte[] encode(long[] times, long[] values, int from, int to, BitDialect dialect) {
        XorAppender appender = new XorAppender();
        for (int i = from; i < to; i++) {
            appender.append(0, times[i], values[i]);
        }
        return appender.toBytes(dialect);
    }
}
