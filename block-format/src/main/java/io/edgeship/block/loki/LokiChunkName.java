package io.edgeship.block.loki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the file name of a Loki chunk (schema v12 and later, on a file system) says of its content.
///
/// @param fromMillis    first entry, milliseconds since 1970, rounded down
/// @param throughMillis last entry, rounded up
/// @param crc32c        Castagnoli, of the whole file
public record LokiChunkName(long fromMillis, long throughMillis, int crc32c) {
    private static final Pattern DECODED = Pattern.compile("([0-9a-f]{1,16}):([0-9a-f]{1,16}):([0-9a-f]{1,8})");

    /// Empty for any other name: Loki keeps other files in the same folders.
    public static Optional<LokiChunkName> tryParse(String fileName) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(fileName);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        Matcher parts = DECODED.matcher(new String(decoded, StandardCharsets.US_ASCII));
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(new LokiChunkName(
                Long.parseUnsignedLong(parts.group(1), 16),
                Long.parseUnsignedLong(parts.group(2), 16),
                Integer.parseUnsignedInt(parts.group(3), 16)));
    }

    @Override
    public String toString() {
        String plain = "%x:%x:%x".formatted(fromMillis, throughMillis, crc32c);
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    }
}
