package io.edgeship.block.message;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A piece of an item's stream of bytes, and the name that it has in the bucket: `<offset>-<length>-<crc32c>`, the
/// numbers padded so that a listing gives them in order. The checksum is in the name so that a late duplicate of
/// another cut can never take a piece's place.
///
/// @param offset from the stream's beginning; below [#OFFSET_MAX]
/// @param length in bytes; 1 to [#LENGTH_MAX]
/// @param crc32c Castagnoli, of the piece's bytes
public record PieceName(long offset, int length, int crc32c) {
    public static final int LENGTH_MIN = 64 << 10;
    public static final int LENGTH_MAX = 8 << 20;

    /// Twelve digits.
    public static final long OFFSET_MAX = 1_000_000_000_000L;

    private static final Pattern NAME = Pattern.compile("(\\d{12})-(\\d{7})-([0-9a-f]{8})");

    public PieceName {
        if (!isPiece(offset, length)) {
            throw new IllegalArgumentException("piece of %d bytes at %d".formatted(length, offset));
        }
    }

    private static boolean isPiece(long offset, int length) {
        return offset >= 0 && offset < OFFSET_MAX && length >= 1 && length <= LENGTH_MAX;
    }

    /// Empty where no piece can be: for what a message says.
    public static Optional<PieceName> tryOf(long offset, int length, int crc32c) {
        return isPiece(offset, length) ? Optional.of(new PieceName(offset, length, crc32c)) : Optional.empty();
    }

    /// Of the first `length` bytes of `bytes`.
    public static PieceName of(long offset, byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return new PieceName(offset, length, (int) crc.getValue());
    }

    /// Empty for what is no piece's name.
    public static Optional<PieceName> tryParse(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return tryOf(
                Long.parseLong(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseUnsignedInt(parts.group(3), 16));
    }

    /// Just past the piece.
    public long end() {
        return offset + length;
    }

    @Override
    public String toString() {
        return "%012d-%07d-%08x".formatted(offset, length, crc32c);
    }
}
