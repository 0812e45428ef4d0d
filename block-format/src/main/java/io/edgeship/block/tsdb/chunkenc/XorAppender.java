package io.edgeship.block.tsdb.chunkenc;

/// Encodes XOR chunks.
public final class XorAppender extends FloatAppender {
    private final XorWindow value = new XorWindow(0);
    private long time;
    private long delta;

    public XorAppender() {
        out.bits(0, Short.SIZE); // the count, set at the end
    }

    @Override
    void encode(int index, long startMillis, long timeMillis, long valueBits) {
        if (index == 0) {
            out.varint(timeMillis);
            out.bits(valueBits, Long.SIZE);
            value.bits = valueBits;
        } else {
            long next = timeMillis - time;
            int zeroes = 0;
            if (index == 1) {
                out.uvarint(next);
            } else if (next == delta) {
                zeroes = 1; // goes out with the value
            } else {
                writeDeltaOfDelta(next - delta);
            }
            delta = next;
            value.write(out, valueBits, zeroes);
        }
        time = timeMillis;
    }

    private void writeDeltaOfDelta(long dod) {
        int[] sizes = XorIterator.DELTA_OF_DELTA_BITS;
        int last = sizes.length - 1;
        int ones = 0;
        while (ones < last && !Varbit.fits(dod, sizes[ones])) {
            ones++;
        }
        long prefix = ones == last ? 0xf : (1L << (ones + 1)) - 2;
        int prefixBits = Math.min(ones + 1, last);
        int size = sizes[ones];
        if (size == 0 || size == Long.SIZE) {
            out.bits(prefix, prefixBits);
            out.bits(dod, size);
        } else {
            out.together((prefix << size) | (dod & ((1L << size) - 1)), prefixBits + size, size);
        }
    }
}
