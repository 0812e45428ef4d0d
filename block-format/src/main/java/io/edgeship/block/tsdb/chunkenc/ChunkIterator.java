package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Walks the samples of one chunk, in order. Not thread-safe.
public abstract sealed class ChunkIterator permits FloatIterator, HistogramChunkIterator {
    final BitReader in;
    private final int count; // -1 where not even that is there
    private int read;

    /// Of the sample that [#next] moved to.
    long time;

    ChunkIterator(BitReader in, int count) {
        this.in = in;
        this.count = count;
    }

    /// Moves to the next sample; false after the last.
    ///
    /// @throws CorruptChunkException if the bits end before the samples do
    public final boolean next() throws CorruptChunkException {
        if (read == count) {
            return false;
        }
        if (count < 0) {
            throw new CorruptChunkException("shorter than its header");
        }
        try {
            decode(read);
        } catch (EndOfBits e) {
            throw CorruptChunkException.truncated(read, count);
        }
        read++;
        return true;
    }

    abstract void decode(int index) throws EndOfBits, CorruptChunkException;

    /// How many samples the chunk says that it has.
    public final int count() {
        return Math.max(0, count);
    }

    public final long timeMillis() {
        return time;
    }

    /// When the thing that is counted began; 0 where the chunk does not say.
    public long startMillis() {
        return 0;
    }

    /// The first two bytes; -1 where the data is shorter than its header.
    static int u16(byte[] data, int headerBytes) {
        return data.length < headerBytes ? -1 : Byte.toUnsignedInt(data[0]) << Byte.SIZE | Byte.toUnsignedInt(data[1]);
    }
}
