package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.StaleMarker;

/// Encodes XOR2 chunks.
public final class Xor2Appender extends FloatAppender {
    private static final int HEADER_AT = 2;

    private final XorWindow value = new XorWindow(0);
    private final StartTimes starts = new StartTimes();
    private long time;
    private long delta;

    public Xor2Appender() {
        out.bits(0, Xor2Iterator.HEADER_BYTES * Byte.SIZE); // set at the end
    }

    @Override
    void encode(int index, long startMillis, long timeMillis, long valueBits) {
        long previous = index == 0 ? timeMillis : time;
        if (index == 0) {
            out.varint(timeMillis);
            out.bits(valueBits, Long.SIZE);
            value.bits = valueBits == StaleMarker.BITS ? 0 : valueBits;
        } else {
            long next = timeMillis - time;
            if (index == 1) {
                out.uvarint(next);
                writeValue(valueBits);
            } else {
                writeJoint(next - delta, valueBits);
            }
            delta = next;
        }
        time = timeMillis;
        starts.write(out, index, previous, startMillis);
    }

    private void writeJoint(long dod, long valueBits) {
        if (dod != 0) {
            writeStep(dod);
            writeValue(valueBits);
        } else if (valueBits == StaleMarker.BITS) {
            out.bits(0b11111, 5);
        } else if (valueBits == value.bits) {
            out.bits(0, 1);
        } else {
            out.bits(0b10, 2);
            value.writeChange(out, value.bits ^ valueBits);
            value.bits = valueBits;
        }
    }

    private void writeStep(long dod) {
        int[] sizes = Xor2Iterator.DELTA_OF_DELTA_BITS;
        int size = 0;
        while (size < sizes.length - 1 && !isSigned(dod, sizes[size])) {
            size++;
        }
        out.bits((1L << (size + 3)) - 2, size + 3); // 110, 1110, 11110
        out.bits(dod, sizes[size]);
    }

    private static boolean isSigned(long value, int bits) {
        int unused = Long.SIZE - bits;
        return (value << unused) >> unused == value;
    }

    private void writeValue(long valueBits) {
        if (valueBits == StaleMarker.BITS) {
            out.bits(0b111, 3);
        } else if (valueBits == value.bits) {
            out.bits(0, 1);
        } else {
            long change = value.bits ^ valueBits;
            boolean fits = value.fits(change);
            out.bits(fits ? 0b10 : 0b110, fits ? 2 : 3);
            value.writeWindow(out, change);
            value.bits = valueBits;
        }
    }

    @Override
    public byte[] toBytes(BitDialect dialect) {
        byte[] data = super.toBytes(dialect);
        data[HEADER_AT] = (byte) starts.header();
        return data;
    }
}
