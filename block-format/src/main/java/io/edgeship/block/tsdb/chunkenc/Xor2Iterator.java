package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.StaleMarker;
import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// Decodes XOR2 chunks; the layout is on the package's page.
public final class Xor2Iterator extends FloatIterator {
    static final int HEADER_BYTES = 3;
    static final int[] DELTA_OF_DELTA_BITS = {13, 20, 64};

    /// Of the values that are no stale marker.
    private final XorWindow value = new XorWindow(0);

    private final StartTimes starts;
    private boolean stale;
    private long delta;

    public Xor2Iterator(byte[] data) {
        super(new BitReader(data, HEADER_BYTES), u16(data, HEADER_BYTES));
        starts = StartTimes.reading(data.length < HEADER_BYTES ? 0 : Byte.toUnsignedInt(data[2]));
    }

    @Override
    void decode(int index) throws EndOfBits {
        long previous = time;
        stale = false;
        switch (index) {
            case 0 -> {
                time = in.varint();
                first(in.bits(Long.SIZE));
                previous = time;
            }
            case 1 -> {
                delta = in.uvarint();
                time += delta;
                readValue();
            }
            default -> readJoint();
        }
        starts.read(in, index, previous);
    }

    private void first(long bits) {
        stale = bits == StaleMarker.BITS;
        value.bits = stale ? 0 : bits;
    }

    private void readJoint() throws EndOfBits {
        if (!in.bit()) { // same step, same value
            time += delta;
        } else if (!in.bit()) { // same step
            time += delta;
            value.readChange(in);
        } else {
            readStep();
        }
    }

    private void readStep() throws EndOfBits {
        int size = 0;
        while (size < DELTA_OF_DELTA_BITS.length && in.bit()) {
            size++;
        }
        if (size == DELTA_OF_DELTA_BITS.length) { // same step
            time += delta;
            stale = true;
            return;
        }
        delta += in.signedBits(DELTA_OF_DELTA_BITS[size]);
        time += delta;
        readValue();
    }

    private void readValue() throws EndOfBits {
        if (!in.bit()) {
            return;
        }
        if (!in.bit()) {
            value.readWindow(in, false);
        } else if (in.bit()) {
            stale = true;
        } else {
            value.readWindow(in, true);
        }
    }

    @Override
    public long valueBits() {
        return stale ? StaleMarker.BITS : value.bits;
    }

    @Override
    public long startMillis() {
        return starts.startMillis();
    }
}
