package io.edgeship.block.tsdb.chunkenc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The bits of a XOR chunk behind its count, taken many at a time; what both ways to go through a chunk at speed share.
/// Never throws: past the end come zeroes, and [#isWithin] says so. Not thread-safe.
abstract class XorBits {
    static final int COUNT_BYTES = 2;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// So many bits are there after [#fill], unless the chunk ends.
    private static final int FILLED = 56;

    private final byte[] bytes;
    private int at = COUNT_BYTES;
    private long buffer; // its highest `valid` bits are the next ones, below them may be more of the same
    private int valid; // below zero past the end

    /// Of the values' window: zero bits behind it, and bits in it.
    int trailing;

    int width = Long.SIZE;

    XorBits(byte[] data) {
        bytes = data;
    }

    /// Whether all that was taken is there.
    final boolean isWithin() {
        return at <= bytes.length && valid >= 0;
    }

    /// Only before the first bit was taken. Longer ones than a time needs are no such chunk's.
    final long uvarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && at < bytes.length; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        at = bytes.length + 1;
        return 0;
    }

    final long varint() {
        long folded = uvarint();
        return folded >>> 1 ^ -(folded & 1);
    }

    /// The first value's bits. Only before the first bit was taken.
    final long u64() {
        if (at + Long.BYTES > bytes.length) {
            at = bytes.length + 1;
            return 0;
        }
        long bits = (long) LONG.get(bytes, at);
        at += Long.BYTES;
        return bits;
    }

    final long deltaOfDelta() {
        fill();
        if (buffer >= 0) {
            skip(1);
            return 0;
        }
        int ones = Math.min(Long.numberOfLeadingZeros(~buffer), 4);
        int size = XorIterator.DELTA_OF_DELTA_BITS[ones];
        skip(Math.min(ones + 1, 4));
        if (size == Long.SIZE) {
            return wide(size);
        }
        return Varbit.centred(take(size), size);
    }

    /// How a value begins: whether it differs from the one before, and in which window.
    final boolean changes() {
        fill();
        if (buffer >= 0) {
            skip(1);
            return false;
        }
        boolean isNew = (buffer & 1L << 62) != 0;
        skip(2);
        if (isNew) {
            int leading = (int) (buffer >>> 59);
            int length = (int) (buffer >>> 53) & 63;
            trailing = Math.max(0, Long.SIZE - leading - (length == 0 ? Long.SIZE : length));
            width = Long.SIZE - leading - trailing;
            skip(11);
        }
        return true;
    }

    /// What the window holds, in its place.
    final long window() {
        long bits = width > valid ? wide(width) : take(width);
        return bits << trailing;
    }

    final void stepOverWindow() {
        if (width <= valid && width < Long.SIZE) {
            skip(width);
            return;
        }
        int rest = width - valid;
        at += rest >>> 3;
        buffer = 0;
        valid = 0;
        fill();
        skip(rest & 7);
    }

    /// So many bits, of which not all need be in the buffer.
    private long wide(int count) {
        int rest = count - Integer.SIZE;
        fill();
        if (rest <= 0) {
            return take(count);
        }
        long high = take(Integer.SIZE);
        fill();
        return high << rest | take(rest);
    }

    /// @param count 1 to 63, and no more than there are
    private long take(int count) {
        long bits = buffer >>> (Long.SIZE - count);
        skip(count);
        return bits;
    }

    /// Nothing is there behind the end.
    private void fill() {
        if (valid >= FILLED) {
            return;
        }
        if (at + Long.BYTES <= bytes.length) {
            buffer |= (long) LONG.get(bytes, at) >>> valid;
            at += (Long.SIZE - 1 - valid) >>> 3;
            valid |= FILLED;
            return;
        }
        while (valid <= Long.SIZE - Byte.SIZE && at < bytes.length) {
            buffer |= (bytes[at++] & 0xffL) << (Long.SIZE - Byte.SIZE - valid);
            valid += Byte.SIZE;
        }
    }

    /// @param count fewer than 64
    private void skip(int count) {
        buffer <<= count;
        valid -= count;
    }
}
