package io.edgeship.block.tsdb.tombstones;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.ChunkIterator;
import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramAppender;
import io.edgeship.block.tsdb.chunkenc.FloatHistogramIterator;
import io.edgeship.block.tsdb.chunkenc.FloatIterator;
import io.edgeship.block.tsdb.chunkenc.HistogramAppender;
import io.edgeship.block.tsdb.chunkenc.HistogramIterator;
import io.edgeship.block.tsdb.chunkenc.Xor2Appender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.List;

/// Takes deleted samples out of a series' chunks. Chunks without any are kept as they are; of the others the rest is
/// encoded anew, in the encoding that it had. Counts the samples; not thread-safe.
public final class Deletion {
    private long deleted;

    /// How many samples were taken out so far.
    public long deleted() {
        return deleted;
    }

    /// The chunks of one series without what `tombstones` cover; maybe none.
    ///
    /// @throws CorruptChunkException if a chunk must be cut and cannot: it is damaged, or nobody knows its encoding
    public List<TimedChunk> apply(List<TimedChunk> chunks, List<Tombstone> tombstones) throws CorruptChunkException {
        if (tombstones.isEmpty()) {
            return chunks;
        }
        List<TimedChunk> kept = new ArrayList<>();
        boolean afterGap = false;
        for (TimedChunk chunk : chunks) {
            if (covers(tombstones, chunk)) {
                deleted += Math.max(0, chunk.chunk().sampleCount());
                afterGap = true;
                continue;
            }
            boolean touched = tombstones.stream()
                    .anyMatch(stone -> stone.minTime() <= chunk.maxTime() && stone.maxTime() >= chunk.minTime());
            List<TimedChunk> rest = touched ? cut(chunk, tombstones) : List.of(chunk);
            for (TimedChunk one : rest) {
                Chunk content = one.chunk();
                kept.add(afterGap ? new TimedChunk(one.minTime(), one.maxTime(), content.withoutCounterReset()) : one);
                afterGap = false;
            }
            afterGap |= rest.isEmpty();
        }
        return kept;
    }

    private static boolean covers(List<Tombstone> tombstones, TimedChunk chunk) {
        return tombstones.stream()
                .anyMatch(stone -> stone.minTime() <= chunk.minTime() && stone.maxTime() >= chunk.maxTime());
    }

    private List<TimedChunk> cut(TimedChunk timed, List<Tombstone> tombstones) throws CorruptChunkException {
        Chunk chunk = timed.chunk();
        if (!chunk.holdsSamples()) {
            throw new CorruptChunkException("samples are deleted from a chunk of encoding %d, which cannot be cut"
                    .formatted(chunk.encodingCode()));
        }
        ChunkIterator samples = chunk.iterator();
        Rest rest = new Rest(chunk);
        while (samples.next()) {
            long time = samples.timeMillis();
            if (tombstones.stream().anyMatch(stone -> stone.minTime() <= time && time <= stone.maxTime())) {
                deleted++;
            } else {
                rest.add(samples);
            }
        }
        return rest.count == 0 ? List.of() : List.of(rest.chunk(samples));
    }

    /// The samples of one chunk that stay.
    private static final class Rest {
        private final Encoding encoding;
        private final boolean withStarts;
        private final FloatAppender floats;
        private final HistogramAppender histograms;
        private final FloatHistogramAppender floatHistograms;
        private long count;
        private long minTime;
        private long maxTime;

        Rest(Chunk of) {
            encoding = of.encoding();
            withStarts = encoding == Encoding.HISTOGRAM_ST || encoding == Encoding.FLOAT_HISTOGRAM_ST;
            floats = encoding == Encoding.XOR2 ? new Xor2Appender() : new XorAppender();
            histograms = new HistogramAppender(withStarts);
            floatHistograms = new FloatHistogramAppender(withStarts);
        }

        void add(ChunkIterator sample) {
            long start = sample.startMillis();
            long time = sample.timeMillis();
            switch (sample) {
                case FloatIterator it -> floats.append(start, time, it.valueBits());
                case HistogramIterator it -> histograms.append(start, time, it.histogram());
                case FloatHistogramIterator it -> floatHistograms.append(start, time, it.histogram());
            }
            minTime = count == 0 ? time : minTime;
            maxTime = time;
            count++;
        }

        TimedChunk chunk(ChunkIterator of) {
            byte[] data = switch (of) {
                case FloatIterator _ -> floats.toBytes(BitDialect.SINCE_3_0);
                case HistogramIterator it -> histograms.toBytes(it.counterReset(), BitDialect.SINCE_3_0);
                case FloatHistogramIterator it -> floatHistograms.toBytes(it.counterReset(), BitDialect.SINCE_3_0);
            };
            return new TimedChunk(minTime, maxTime, new Chunk(encoding.code(), data));
        }
    }
}
