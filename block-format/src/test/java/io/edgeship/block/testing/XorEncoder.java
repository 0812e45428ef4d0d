package io.edgeship.block.testing;

import io.edgeship.block.tsdb.BlockReader.Sample;
import java.util.List;

/// Encodes samples as an XOR chunk, bit for bit as Prometheus does; the layout is on the page of
/// `io.edgeship.block.tsdb.chunkenc`.
final class XorEncoder {
    private static final int LEADING_MAX = 31; // five bits
    private static final int[] DELTA_OF_DELTA_BITS = {14, 17, 20};

    private final ByteSink out = new ByteSink();
    private int partial; // bits of a byte not yet complete
    private int partialBits;
    private int leading = -1; // of the last window, or -1 before the first
    private int trailing;

    private XorEncoder() {}

    static byte[] encode(List<Sample> samples) {
        XorEncoder encoder = new XorEncoder();
        encoder.bits(samples.size(), Short.SIZE);
        long delta = 0;
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            if (i == 0) {
                encoder.uvarint((sample.timeMillis() << 1) ^ (sample.timeMillis() >> 63));
                encoder.bits(sample.valueBits(), Long.SIZE);
                continue;
            }
            Sample before = samples.get(i - 1);
            long newDelta = sample.timeMillis() - before.timeMillis();
            if (i == 1) {
                encoder.uvarint(newDelta);
            } else {
                encoder.deltaOfDelta(newDelta - delta);
            }
            delta = newDelta;
            encoder.value(sample.valueBits() ^ before.valueBits());
        }
        encoder.bits(0, (Byte.SIZE - encoder.partialBits) % Byte.SIZE);
        return encoder.out.toByteArray();
    }

    private void deltaOfDelta(long value) {
        if (value == 0) {
            bits(0, 1);
            return;
        }
        for (int i = 0; i < DELTA_OF_DELTA_BITS.length; i++) {
            long limit = 1L << (DELTA_OF_DELTA_BITS[i] - 1);
            if (value > -limit && value <= limit) {
                bits((1L << (i + 2)) - 2, i + 2); // i + 1 ones and a zero
                bits(value, DELTA_OF_DELTA_BITS[i]);
                return;
            }
        }
        bits(0b1111, 4);
        bits(value, Long.SIZE);
    }

    private void value(long xor) {
        if (xor == 0) {
            bits(0, 1);
            return;
        }
        bits(1, 1);
        int zerosBefore = Math.min(Long.numberOfLeadingZeros(xor), LEADING_MAX);
        int zerosAfter = Long.numberOfTrailingZeros(xor);
        boolean fits = leading >= 0 && zerosBefore >= leading && zerosAfter >= trailing;
        bits(fits ? 0 : 1, 1);
        if (!fits) {
            leading = zerosBefore;
            trailing = zerosAfter;
            bits(leading, 5);
            bits(Long.SIZE - leading - trailing, 6); // 64 becomes 0
        }
        bits(xor >>> trailing, Long.SIZE - leading - trailing);
    }

    private void uvarint(long value) {
        for (byte b : new ByteSink().uvarint(value).toByteArray()) {
            bits(b, Byte.SIZE);
        }
    }

    /// The lowest `count` bits of `value`.
    private void bits(long value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            partial = (partial << 1) | (int) ((value >>> i) & 1);
            if (++partialBits == Byte.SIZE) {
                out.u8(partial);
                partial = 0;
                partialBits = 0;
            }
        }
    }
}
