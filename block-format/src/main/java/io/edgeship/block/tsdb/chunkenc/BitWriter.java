package io.edgeship.block.tsdb.chunkenc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bits into a growing array, most significant first. Not thread-safe.
final class BitWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int FIRST_SIZE = 256;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size; // whole longs in `bytes`, counted in bytes
    private long buffer; // its highest `filled` bits wait to be written
    private int filled;
    private boolean endsWithWholeByte;

    void bit(boolean bit) {
        bits(bit ? 1 : 0, 1);
    }

    /// The lowest `count` bits of `value`, 0 to 64; the others may be anything.
    void bits(long value, int count) {
        if (count == 0) {
            return;
        }
        together(value, count, count);
    }

    /// The lowest `count` bits of `value`, 1 to 64, which stand for several values.
    ///
    /// @param last bits of the last of them
    void together(long value, int count, int last) {
        endsWithWholeByte = last % Byte.SIZE == 0;
        long clean = count == Long.SIZE ? value : value & (1L << count) - 1;
        int free = Long.SIZE - filled;
        if (count < free) {
            buffer |= clean << (free - count);
            filled += count;
            return;
        }
        int rest = count - free;
        flush(buffer | clean >>> rest);
        buffer = rest == 0 ? 0 : clean << (Long.SIZE - rest);
        filled = rest;
    }

    private void flush(long eightBytes) {
        if (size + Long.BYTES > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        LONG.set(bytes, size, eightBytes);
        size += Long.BYTES;
    }

    void uvarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bits((rest & 0x7f) | 0x80, Byte.SIZE);
            rest >>>= 7;
        }
        bits(rest, Byte.SIZE);
    }

    void varint(long value) {
        uvarint((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /// Bytes that [#toBytes] would have now.
    int sizeBytes() {
        return size + (filled + Byte.SIZE - 1) / Byte.SIZE;
    }

    /// The last byte is filled up with zeroes.
    byte[] toBytes(BitDialect dialect) {
        boolean aligned = filled % Byte.SIZE == 0;
        boolean spare = dialect == BitDialect.BEFORE_3_0 && aligned && endsWithWholeByte;
        byte[] all = Arrays.copyOf(bytes, sizeBytes() + (spare ? 1 : 0));
        long rest = buffer;
        for (int i = size; i < sizeBytes(); i++) {
            all[i] = (byte) (rest >>> (Long.SIZE - Byte.SIZE));
            rest <<= Byte.SIZE;
        }
        return all;
    }
}
