package io.edgeship.block.pack;

import io.edgeship.block.tsdb.chunkenc.CorruptChunkException;
import io.edgeship.block.tsdb.chunkenc.XorIterator;
import java.util.List;

/// One series on its way. Not thread-safe.
final class PackedSeries {
    /// Symbols of its first label, which is the metric's name but in odd cases.
    final int name;

    final int value;

    /// Number of its other labels among the tails.
    final int tail;

    /// In the order in which the columns have them, over the whole block.
    int number = -1;

    /// Number of its times among all sequences of times.
    int times = -1;

    private List<PackedChunk> chunks;
    private int samples;
    private long bytes;

    PackedSeries(int name, int value, int tail, List<PackedChunk> chunks) {
        this.name = name;
        this.value = value;
        this.tail = tail;
        this.chunks = List.of();
        chunks(chunks);
    }

    List<PackedChunk> chunks() {
        return chunks;
    }

    void chunks(List<PackedChunk> those) {
        chunks = those;
        samples = 0;
        bytes = 0;
        for (PackedChunk chunk : those) {
            samples += chunk.samples();
            bytes += chunk.data().length;
        }
    }

    /// In columns.
    int samples() {
        return samples;
    }

    /// Of its chunks, encoded.
    long sizeBytes() {
        return bytes;
    }

    /// Of the chunks that are carried as they are.
    long carriedBytes() {
        long carried = 0;
        for (PackedChunk chunk : chunks) {
            carried += chunk.isColumnar() ? 0 : chunk.data().length;
        }
        return carried;
    }

    /// Decodes the samples that are in columns to the start of both arrays.
    void decode(long[] times, long[] values) throws CorruptChunkException {
        int at = 0;
        for (PackedChunk chunk : chunks) {
            if (chunk.isColumnar()) {
                for (XorIterator it = new XorIterator(chunk.data()); it.next(); at++) {
                    times[at] = it.timeMillis();
                    values[at] = it.valueBits();
                }
            }
        }
    }
}
