package io.edgeship.block.head;

import io.edgeship.block.tsdb.chunkenc.BitDialect;
import io.edgeship.block.tsdb.chunkenc.FloatAppender;
import io.edgeship.block.tsdb.chunkenc.Xor2Appender;
import io.edgeship.block.tsdb.chunkenc.XorAppender;
import io.edgeship.block.tsdb.chunks.Chunk;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.tsdb.chunks.TimedChunk;

/// A chunk of floats that takes more.
final class OpenFloats extends OpenChunk {
    private final Encoding encoding;
    private final FloatAppender samples;

    OpenFloats(boolean withStarts) {
        encoding = withStarts ? Encoding.XOR2 : Encoding.XOR;
        samples = withStarts ? new Xor2Appender() : new XorAppender();
    }

    void append(long startMillis, long timeMillis, long valueBits) {
        samples.append(startMillis, timeMillis, valueBits);
        counted(timeMillis);
    }

    @Override
    int sizeBytes() {
        return samples.sizeBytes();
    }

    @Override
    TimedChunk toChunk() {
        return new TimedChunk(minTime(), maxTime(), new Chunk(encoding.code(), samples.toBytes(BitDialect.SINCE_3_0)));
    }
}
