package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramAppender;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Encodes chunks that came with Prometheus 3.11 and later anew, as those that a stock Thanos reads: sample by sample
/// the same, but for start timestamps, which only the new ones hold. Chunks that Thanos reads anyway, and chunks of
/// unknown encodings, are handed on untouched. Counts what it does; not thread-safe.
public final class ChunkTranscoder {
    private final Map<Encoding, Long> transcoded = new EnumMap<>(Encoding.class);
    private long startsDropped;
    private long unknown;

    public Chunk transcode(Chunk chunk) throws CorruptChunkException {
        byte[] data = chunk.data();
        return switch (chunk.encoding()) {
            case XOR, HISTOGRAM, FLOAT_HISTOGRAM, AGGREGATE -> chunk;
            case XOR2 -> count(chunk, Encoding.XOR, floats(chunk.floats()));
            case HISTOGRAM_ST -> count(chunk, Encoding.HISTOGRAM, histograms(new HistogramIterator(data, true)));
            case FLOAT_HISTOGRAM_ST ->
                count(chunk, Encoding.FLOAT_HISTOGRAM, histograms(new FloatHistogramIterator(data, true)));
            case UNKNOWN -> {
                unknown++;
                yield chunk;
            }
        };
    }

    private Chunk count(Chunk from, Encoding to, byte[] data) {
        transcoded.merge(from.encoding(), 1L, Long::sum);
        return new Chunk(to.code(), data);
    }

    private byte[] floats(FloatIterator from) throws CorruptChunkException {
        XorAppender to = new XorAppender();
        while (from.next()) {
            drop(from.startMillis());
            to.append(0, from.timeMillis(), from.valueBits());
        }
        return to.toBytes(BitDialect.SINCE_3_0);
    }

    private byte[] histograms(HistogramIterator from) throws CorruptChunkException {
        HistogramAppender to = new HistogramAppender(false);
        while (from.next()) {
            drop(from.startMillis());
            to.append(0, from.timeMillis(), from.histogram());
        }
        return to.toBytes(from.counterReset(), BitDialect.SINCE_3_0);
    }

    private byte[] histograms(FloatHistogramIterator from) throws CorruptChunkException {
        FloatHistogramAppender to = new FloatHistogramAppender(false);
        while (from.next()) {
            drop(from.startMillis());
            to.append(0, from.timeMillis(), from.histogram());
        }
        return to.toBytes(from.counterReset(), BitDialect.SINCE_3_0);
    }

    private void drop(long startMillis) {
        startsDropped += startMillis == 0 ? 0 : 1;
    }

    /// How many chunks of each encoding were encoded anew.
    public Map<Encoding, Long> transcoded() {
        return Collections.unmodifiableMap(transcoded);
    }

    /// How many samples had a start timestamp that is gone now.
    public long startsDropped() {
        return startsDropped;
    }

    /// How many chunks were handed on although Thanos cannot read them: nobody here knows their encoding.
    public long unknown() {
        return unknown;
    }
}
