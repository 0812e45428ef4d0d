package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;
import java.io.IOException;

/// Decodes XOR chunks; the layout is on the package's page.
public final class XorChunk {
    /// Value bits by which Prometheus marks that a series went stale.
    public static final long STALE_NAN = 0x7ff0000000000002L;

    private static final int[] DELTA_OF_DELTA_BITS = {0, 14, 17, 20, 64};

    private final BitReader in;
    private long time;
    private long delta;
    private long value;
    private int leading;
    private int meaningful;

    private XorChunk(byte[] data) {
        in = new BitReader(data);
    }

    /// The samples end before their number is reached: the bytes are not what the encoder wrote.
    public static final class TruncatedChunkException extends IOException {
        private static final long serialVersionUID = 1;

        TruncatedChunkException(int read, int expected) {
            super("the bits end after %d of %d samples".formatted(read, expected));
        }
    }

    /// Gives each sample of `data` to `visitor`, in order.
    ///
    /// @throws TruncatedChunkException if the bits end early
    public static void forEach(byte[] data, SampleVisitor visitor) throws IOException {
        XorChunk chunk = new XorChunk(data);
        int read = 0;
        int count = 0;
        try {
            count = (int) chunk.in.bits(Short.SIZE);
            for (; read < count; read++) {
                chunk.next(read);
                visitor.sample(chunk.time, chunk.value);
            }
        } catch (EndOfBits e) {
            throw new TruncatedChunkException(read, count);
        }
    }

    private void next(int index) throws EndOfBits {
        if (index == 0) {
            time = in.varint();
            value = in.bits(Long.SIZE);
            return;
        }
        delta = index == 1 ? in.uvarint() : delta + deltaOfDelta();
        time += delta;
        readValue();
    }

    private long deltaOfDelta() throws EndOfBits {
        int ones = 0;
        while (ones < DELTA_OF_DELTA_BITS.length - 1 && in.bit()) {
            ones++;
        }
        int size = DELTA_OF_DELTA_BITS[ones];
        long bits = in.bits(size);
        boolean negative = size > 0 && size < Long.SIZE && bits > (1L << (size - 1));
        return negative ? bits - (1L << size) : bits;
    }

    private void readValue() throws EndOfBits {
        if (!in.bit()) {
            return;
        }
        if (in.bit()) {
            leading = (int) in.bits(5);
            meaningful = (int) in.bits(6);
            if (meaningful == 0) {
                meaningful = Long.SIZE;
            }
        }
        int trailing = Math.max(0, Long.SIZE - leading - meaningful); // below zero only in damaged bits
        value ^= in.bits(meaningful) << trailing;
    }
}
