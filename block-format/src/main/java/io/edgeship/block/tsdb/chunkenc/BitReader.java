package io.edgeship.block.tsdb.chunkenc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Bits of an array, most significant first. Reading past the end throws [EndOfBits]. Not thread-safe.
final class BitReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// The chunk ended in the middle of a sample.
    static final class EndOfBits extends Exception {
        private static final long serialVersionUID = 1;

        EndOfBits() {
            super("the bits end", null, false, false);
        }
    }

    private final byte[] bytes;
    private int at;
    private long buffer; // its lowest `valid` bits are the next ones
    private int valid;

    BitReader(byte[] bytes, int offset) {
        this.bytes = bytes;
        at = Math.min(offset, bytes.length);
    }

    boolean bit() throws EndOfBits {
        if (valid == 0) {
            fill();
        }
        valid--;
        return (buffer >>> valid & 1) != 0;
    }

    /// How many ones come next, up to `max`; the zero behind fewer is read too.
    ///
    /// @param max below 64
    int ones(int max) throws EndOfBits {
        if (valid > max) {
            int ones = Math.min(max, Long.numberOfLeadingZeros(~(buffer << (Long.SIZE - valid))));
            valid -= Math.min(ones + 1, max);
            return ones;
        }
        int ones = 0;
        while (ones < max && bit()) {
            ones++;
        }
        return ones;
    }

    /// The next `count` bits, 0 to 64.
    long bits(int count) throws EndOfBits {
        if (count <= valid) {
            valid -= count;
            return buffer >>> valid & mask(count);
        }
        int rest = count - valid;
        long high = buffer & mask(valid);
        valid = 0;
        fill();
        if (rest > valid) {
            throw new EndOfBits();
        }
        valid -= rest;
        long low = buffer >>> valid & mask(rest);
        return rest == Long.SIZE ? low : high << rest | low;
    }

    /// As [#bits], the top bit being a sign.
    long signedBits(int count) throws EndOfBits {
        int unused = Long.SIZE - count;
        return (bits(count) << unused) >> unused;
    }

    private static long mask(int count) {
        return count == Long.SIZE ? -1 : (1L << count) - 1;
    }

    private void fill() throws EndOfBits {
        int left = bytes.length - at;
        if (left >= Long.BYTES) {
            buffer = (long) LONG.get(bytes, at);
            at += Long.BYTES;
            valid = Long.SIZE;
            return;
        }
        if (left == 0) {
            throw new EndOfBits();
        }
        buffer = 0;
        for (; at < bytes.length; at++) {
            buffer = buffer << Byte.SIZE | Byte.toUnsignedLong(bytes[at]);
        }
        valid = left * Byte.SIZE;
    }

    long bitsLeft() {
        return (long) (bytes.length - at) * Byte.SIZE + valid;
    }

    long uvarint() throws EndOfBits {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            long b = bits(Byte.SIZE);
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new EndOfBits();
    }

    long varint() throws EndOfBits {
        long value = uvarint();
        return value >>> 1 ^ -(value & 1);
    }
}
