package io.edgeship.block;

import java.util.Optional;

/// The ULID that names a block: 48 bits of milliseconds since 1970, then 80 bits that make it unique.
///
/// Ordered by time first, as the 26 letters are. The time is the writer's clock: data, never trusted.
/// Source of the format: the ULID specification, <https://github.com/ulid/spec>.
public record BlockId(long high, long low) implements Comparable<BlockId> {
    /// Letters of a ULID.
    public static final int LENGTH = 26;

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32

    /// Reads exactly what [#toString] prints.
    ///
    /// @throws IllegalArgumentException for anything else, lower case included
    public static BlockId parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a ULID"));
    }

    /// Like [#parse], for names that may well be something else, such as those of directory entries.
    public static Optional<BlockId> tryParse(String text) {
        if (text.length() != LENGTH || text.charAt(0) > '7') {
            return Optional.empty(); // 26 letters hold 130 bits; the first may only carry three
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            high = (high << 5) | (low >>> 59);
            low = (low << 5) | digit;
        }
        return Optional.of(new BlockId(high, low));
    }

    /// Milliseconds since 1970 by the clock of whoever made the block.
    public long timeMillis() {
        return high >>> 16;
    }

    @Override
    public int compareTo(BlockId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        char[] text = new char[LENGTH];
        long upper = high;
        long lower = low;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (lower & 31));
            lower = (lower >>> 5) | (upper << 59);
            upper >>>= 5;
        }
        return new String(text);
    }
}
