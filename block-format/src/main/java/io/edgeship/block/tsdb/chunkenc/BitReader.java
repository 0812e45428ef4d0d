package io.edgeship.block.tsdb.chunkenc;

/// Bits of an array, most significant first. Reading past the end throws [EndOfBits]. Not thread-safe.
final class BitReader {
    /// The chunk ended in the middle of a sample.
    static final class EndOfBits extends Exception {
        private static final long serialVersionUID = 1;
    }

    private final byte[] bytes;
    private int at; // of the byte that the next bit is in
    private int left = Byte.SIZE; // bits of it not read yet

    BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean bit() throws EndOfBits {
        if (at >= bytes.length) {
            throw new EndOfBits();
        }
        left--;
        boolean bit = (bytes[at] >>> left & 1) != 0;
        if (left == 0) {
            at++;
            left = Byte.SIZE;
        }
        return bit;
    }

    /// The next `count` bits, 0 to 64.
    long bits(int count) throws EndOfBits {
        long value = 0;
        int wanted = count;
        while (wanted > 0) {
            if (at >= bytes.length) {
                throw new EndOfBits();
            }
            int taken = Math.min(wanted, left);
            left -= taken;
            value = value << taken | (Byte.toUnsignedInt(bytes[at]) >>> left & (1 << taken) - 1);
            wanted -= taken;
            if (left == 0) {
                at++;
                left = Byte.SIZE;
            }
        }
        return value;
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
