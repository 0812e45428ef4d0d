package io.edgeship.block.tsdb.chunkenc;

import io.edgeship.block.tsdb.chunkenc.BitReader.EndOfBits;

/// One value after the other, each as the bits in which it differs from the one before, within a window that is kept
/// while the next ones fit into it.
final class XorWindow {
    private static final int NONE_YET = 0xff;
    private static final int LEADING_BITS = 5;
    private static final int LENGTH_BITS = 6;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1; // 64 is written as 0
    private static final int LEADING_MAX = (1 << LEADING_BITS) - 1;

    /// Of the last value.
    long bits;

    private int leading = NONE_YET;
    private int trailing;

    XorWindow(long bits) {
        this.bits = bits;
    }

    /// `0`: the same; `10`: in the window; `11`: in a new one.
    void write(BitWriter out, long next) {
        write(out, next, 0);
    }

    /// @param zeroes bits before it, 0 or 1: written at once with it, which takes half the time
    void write(BitWriter out, long next, int zeroes) {
        long delta = bits ^ next;
        bits = next;
        if (delta == 0) {
            out.together(0, zeroes + 1, 1);
            return;
        }
        if (!fits(delta)) {
            openWindow(delta);
            long head = (0b11L << LEADING_BITS | leading) << LENGTH_BITS | (width() & LENGTH_MASK);
            out.bits(head, zeroes + 2 + LEADING_BITS + LENGTH_BITS);
            out.bits(delta >>> trailing, width());
        } else if (width() + 2 + zeroes <= Long.SIZE) {
            out.together(0b10L << width() | delta >>> trailing, zeroes + 2 + width(), width());
        } else {
            out.bits(0b10, zeroes + 2);
            out.bits(delta >>> trailing, width());
        }
    }

    private int width() {
        return Long.SIZE - leading - trailing;
    }

    private void openWindow(long delta) {
        leading = Math.min(LEADING_MAX, Long.numberOfLeadingZeros(delta));
        trailing = Long.numberOfTrailingZeros(delta);
    }

    /// `0`: in the window; `1`: in a new one.
    ///
    /// @param delta not zero
    void writeChange(BitWriter out, long delta) {
        out.bit(!fits(delta));
        writeWindow(out, delta);
    }

    boolean fits(long delta) {
        return leading != NONE_YET
                && Math.min(LEADING_MAX, Long.numberOfLeadingZeros(delta)) >= leading
                && Long.numberOfTrailingZeros(delta) >= trailing;
    }

    /// Writes `delta` after the bits that say whether it [#fits], and opens a new window where it does not.
    void writeWindow(BitWriter out, long delta) {
        if (!fits(delta)) {
            openWindow(delta);
            out.bits(leading, LEADING_BITS);
            out.bits(width(), LENGTH_BITS); // 64 is written as 0
        }
        out.bits(delta >>> trailing, width());
    }

    void read(BitReader in) throws EndOfBits {
        if (in.bit()) {
            readChange(in);
        }
    }

    void readChange(BitReader in) throws EndOfBits {
        readWindow(in, in.bit());
    }

    void readWindow(BitReader in, boolean isNew) throws EndOfBits {
        if (isNew) {
            leading = (int) in.bits(LEADING_BITS);
            int length = (int) in.bits(LENGTH_BITS);
            trailing = Math.max(0, Long.SIZE - leading - (length == 0 ? Long.SIZE : length)); // below only in damage
        } else if (leading == NONE_YET) {
            leading = 0; // as an encoder writes that went on with a chunk it had not begun
        }
        bits ^= in.bits(Long.SIZE - leading - trailing) << trailing;
    }
}
