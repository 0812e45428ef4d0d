package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Integers in buckets of bits, small ones in few: the page draws them.
final class Varbit {
    /// Bits of the n-th bucket, which has n ones and, but for the last, a zero before it.
    private static final int[] BITS = {0, 3, 6, 9, 12, 18, 25, 56, 64};

    private static final int LAST = BITS.length - 1;

    private Varbit() {}

    static void write(BitWriter out, long value) {
        int bucket = 0;
        while (bucket < LAST && !fits(value, BITS[bucket])) {
            bucket++;
        }
        write(out, bucket, value);
    }

    static void writeUnsigned(BitWriter out, long value) {
        int bucket = 0;
        while (bucket < LAST && Long.SIZE - Long.numberOfLeadingZeros(value) > BITS[bucket]) {
            bucket++;
        }
        write(out, bucket, value);
    }

    private static void write(BitWriter out, int bucket, long value) {
        out.bits(bucket == LAST ? 0xff : (1L << (bucket + 1)) - 2, Math.min(bucket + 1, LAST));
        out.bits(value, BITS[bucket]);
    }

    /// Whether `value` lies in -(2^(n-1)-1) to 2^(n-1): one more above zero than below.
    static boolean fits(long value, int bits) {
        if (bits == 0) {
            return value == 0;
        }
        long half = 1L << (bits - 1);
        return -half < value && value <= half;
    }

    static long read(BitReader in) throws EndOfBits {
        int bits = BITS[bucket(in)];
        return centred(in.bits(bits), bits);
    }

    static long readUnsigned(BitReader in) throws EndOfBits {
        return in.bits(BITS[bucket(in)]);
    }

    /// The number that [#fits] lets `bits` mean.
    static long centred(long bits, int count) {
        boolean negative = count > 0 && count < Long.SIZE && bits > 1L << (count - 1);
        return negative ? bits - (1L << count) : bits;
    }

    private static int bucket(BitReader in) throws EndOfBits {
        return in.ones(LAST);
    }
}
