package io.edgeship.block.pack;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An adaptive binary range coder. What is written and what is read goes through the same calls: an encoder
/// takes the value and returns it, a decoder ignores what it is given and returns what was written. So the two
/// cannot drift apart. Not thread-safe.
///
/// A *slot* is what is known of one binary decision: its probability in the upper 22 bits, how often it was
/// made in the lower ten. The more often, the less a single outcome moves it.
final class RangeCoder {
    /// Slots of one number.
    static final int SLOTS = 128;

    /// A slot that knows nothing.
    static final int FRESH = 1 << 31;

    static final int COUNT_MASK = 1023;

    private static final int COUNT_MAX = 60;
    private static final int PROBABILITY_MAX = (1 << 22) - 1;
    private static final int CODED_MIN = 16;
    private static final int CODED_MAX = 65519;
    private static final int EVEN = 1 << 15;
    private static final int[] RATES = rates();

    private static final int EXPONENT_BITS = 6;
    private static final int MANTISSA_BITS = 4;
    private static final int MANTISSA_SLOT = 66;
    private static final int MANTISSA_SLOTS = 61;

    private final FrameWriter.@Nullable Stream out;
    private final @Nullable FrameReader in;
    private final boolean decoding;
    private long low;
    private long high = 0xffffffffL;
    private long code;
    private int readBehindEnd;

    private RangeCoder(FrameWriter.@Nullable Stream out, @Nullable FrameReader in) {
        this.out = out;
        this.in = in;
        decoding = in != null;
    }

    static RangeCoder encoder(FrameWriter.Stream out) {
        return new RangeCoder(out, null);
    }

    static RangeCoder decoder(FrameReader in) throws IOException {
        RangeCoder coder = new RangeCoder(null, in);
        for (int i = 0; i < Integer.BYTES; i++) {
            coder.code = coder.code << 8 | coder.nextByte();
        }
        return coder;
    }

    private static int[] rates() {
        int[] rates = new int[COUNT_MAX + 1];
        Arrays.setAll(rates, i -> (int) (65536 / (i + 1.6)));
        return rates;
    }

    boolean decoding() {
        return decoding;
    }

    /// A signed number: whether it is zero, its sign, its exponent, four bits of its mantissa, each in a slot
    /// of its own, and what is left as it is.
    ///
    /// @param at of the number's [#SLOTS] in `slots`
    long number(int[] slots, int at, long value) throws IOException {
        if (bit(slots, at, value == 0 ? 1 : 0) == 1) {
            return 0;
        }
        int isNegative = bit(slots, at + 1, value < 0 ? 1 : 0);
        long magnitude = value < 0 ? -value : value;
        int exponent = exponent(slots, at, Long.SIZE - 1 - Long.numberOfLeadingZeros(magnitude));
        long coded = mantissa(slots, at, magnitude, exponent);
        return isNegative == 1 ? -coded : coded;
    }

    private int exponent(int[] slots, int at, int exponent) throws IOException {
        int node = 1;
        for (int i = EXPONENT_BITS - 1; i >= 0; i--) {
            node = node * 2 + bit(slots, at + 1 + node, exponent >> i & 1);
        }
        return node - (1 << EXPONENT_BITS);
    }

    private long mantissa(int[] slots, int at, long magnitude, int exponent) throws IOException {
        long coded = 1;
        int rest = exponent;
        int node = 1;
        for (int depth = 0; rest > 0 && depth < MANTISSA_BITS; depth++) {
            rest--;
            int slot = (node + exponent * 5 + (depth == MANTISSA_BITS - 1 ? 8 : 0)) % MANTISSA_SLOTS;
            int bit = bit(slots, at + MANTISSA_SLOT + slot, (int) (magnitude >>> rest) & 1);
            coded = (coded << 1) | bit;
            node = node * 2 + bit;
        }
        return rest > 0 ? coded << rest | raw(magnitude & (1L << rest) - 1, rest) : coded;
    }

    /// The lowest `count` bits as they are.
    long raw(long value, int count) throws IOException {
        long coded = 0;
        for (int i = count - 1; i >= 0; i--) {
            coded = (coded << 1) | code(EVEN, (int) (value >> i) & 1);
        }
        return coded;
    }

    private int bit(int[] slots, int slot, int bit) throws IOException {
        int state = slots[slot];
        int coded = code(Math.clamp(state >>> 16, CODED_MIN, CODED_MAX), bit);
        int count = state & COUNT_MASK;
        int probability = state >>> 10;
        probability += (int) (((long) ((coded << 22) - probability) * RATES[count]) >> 16);
        probability = Math.min(probability, PROBABILITY_MAX);
        slots[slot] = (probability << 10) | (count < COUNT_MAX ? count + 1 : count);
        return coded;
    }

    private int code(int probability, int given) throws IOException {
        long middle = low + (((high - low) * probability) >>> 16);
        int bit = decoding ? (code <= middle ? 1 : 0) : given;
        if (bit == 1) {
            high = middle;
        } else {
            low = middle + 1;
        }
        while (((low ^ high) & 0xff000000L) == 0) {
            shift();
        }
        return bit;
    }

    private void shift() throws IOException {
        if (out != null) {
            out.write((int) (high >>> 24));
        } else {
            code = (code << 8 | nextByte()) & 0xffffffffL;
        }
        low = low << 8 & 0xffffffffL;
        high = (high << 8 | 0xff) & 0xffffffffL;
    }

    private int nextByte() throws IOException {
        if (in == null) {
            throw new IllegalStateException("an encoder reads nothing");
        }
        int next = in.read();
        if (next < 0 && ++readBehindEnd > Integer.BYTES) {
            throw in.corrupt("the columns end early");
        }
        return Math.max(0, next);
    }

    /// @param pack what an encoder calls it; a decoder knows where it reads
    CorruptFormatException corrupt(String pack, String problem) {
        return in == null ? new CorruptFormatException(pack, 0, problem) : in.corrupt(problem);
    }

    /// Ends the stream: an encoder writes what is left, a decoder makes sure that nothing is.
    void finish() throws IOException {
        if (out != null) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write((int) (low >>> shift));
            }
            out.end();
        } else if (in != null) {
            in.requireEnd();
        }
    }
}
