package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Decodes XOR chunks; the layout is on the package's page.
public final class XorIterator extends FloatIterator {
    private static final int HEADER_BYTES = 2;
    static final int[] DELTA_OF_DELTA_BITS = {0, 14, 17, 20, 64};

    private final XorWindow value = new XorWindow(0);
    private long delta;

    public XorIterator(byte[] data) {
        super(new BitReader(data, HEADER_BYTES), u16(data, HEADER_BYTES));
    }

    @Override
    void decode(int index) throws EndOfBits {
        if (index == 0) {
            time = in.varint();
            value.bits = in.bits(Long.SIZE);
            return;
        }
        delta = index == 1 ? in.uvarint() : delta + deltaOfDelta();
        time += delta;
        value.read(in);
    }

    private long deltaOfDelta() throws EndOfBits {
        int size = DELTA_OF_DELTA_BITS[in.ones(DELTA_OF_DELTA_BITS.length - 1)];
        return Varbit.centred(in.bits(size), size);
    }

    @Override
    public long valueBits() {
        return value.bits;
    }
}
