package io.edgeship.block.tsdb.chunkenc;

/// Whether the times of a XOR chunk ascend, found without making its values: their bits are stepped over. A third of
/// the work of a [XorIterator], for whoever checks whole blocks on a small box. Not thread-safe.
public final class XorTimes {
    private static final int COUNT_BYTES = 2;

    private final byte[] bytes;
    private int at;
    private long buffer; // its highest `valid` bits are the next ones, below them are zeroes
    private int valid; // below zero past the end
    private int width = Long.SIZE; // of a value in the window

    private XorTimes(byte[] data) {
        bytes = data;
        at = COUNT_BYTES;
    }

    /// @param data of the chunk, without encoding and checksum
    /// @return false also for whatever is out of the ordinary; a [XorIterator] says what it is
    public static boolean ascend(byte[] data, long minTime, long maxTime) {
        int count = ChunkIterator.u16(data, COUNT_BYTES);
        return count > 0 && new XorTimes(data).ascend(count, minTime, maxTime);
    }

    private boolean ascend(int count, long minTime, long maxTime) {
        long first = uvarint();
        long time = first >>> 1 ^ -(first & 1);
        if (time != minTime) {
            return false;
        }
        at += Long.BYTES; // the first value
        long delta = 0;
        for (int i = 1; i < count; i++) {
            delta = i == 1 ? uvarint() : delta + deltaOfDelta();
            if (time + delta <= time) {
                return false;
            }
            time += delta;
            stepOverValue();
        }
        return time == maxTime && at <= bytes.length && valid >= 0;
    }

    /// Only before the first bit was taken. Longer ones than a time needs are no such chunk's.
    private long uvarint() {
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

    private long deltaOfDelta() {
        fill();
        if (buffer >= 0) {
            skip(1);
            return 0;
        }
        int ones = Math.min(Long.numberOfLeadingZeros(~buffer), 4);
        int size = XorIterator.DELTA_OF_DELTA_BITS[ones];
        skip(Math.min(ones + 1, 4));
        if (size == Long.SIZE) {
            return whole();
        }
        long bits = buffer >>> (Long.SIZE - size);
        skip(size);
        return Varbit.centred(bits, size);
    }

    private long whole() {
        fill();
        long high = buffer >>> Integer.SIZE;
        skip(Integer.SIZE);
        fill();
        long low = buffer >>> Integer.SIZE;
        skip(Integer.SIZE);
        return high << Integer.SIZE | low;
    }

    private void stepOverValue() {
        fill();
        if (buffer >= 0) {
            skip(1);
            return;
        }
        boolean isNew = (buffer & 1L << 62) != 0;
        skip(2);
        if (isNew) {
            int leading = (int) (buffer >>> 59);
            int length = (int) (buffer >>> 53) & 63;
            int trailing = Math.max(0, Long.SIZE - leading - (length == 0 ? Long.SIZE : length));
            width = Long.SIZE - leading - trailing;
            skip(11);
        }
        stepOver(width);
    }

    private void stepOver(int count) {
        if (count <= valid && count < Long.SIZE) {
            skip(count);
            return;
        }
        int rest = count - valid;
        at += rest >>> 3;
        buffer = 0;
        valid = 0;
        fill();
        skip(rest & 7);
    }

    /// At least 57 bits from here on, with zeroes behind the end.
    private void fill() {
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
