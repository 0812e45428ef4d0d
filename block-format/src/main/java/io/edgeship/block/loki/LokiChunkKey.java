package io.edgeship.block.loki;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The key of a chunk in an object store, as Loki has it from schema v12 on:
/// `<tenant>/<fingerprint>/<from>:<through>:<crc32c>`, numbers in hexadecimal without zeros before them.
///
/// @param fingerprint of the stream, an unsigned 64-bit number
public record LokiChunkKey(String tenant, long fingerprint, LokiChunkName name) {
    private static final Pattern KEY =
            Pattern.compile("([^/]+)/([0-9a-f]{1,16})/([0-9a-f]{1,16}):([0-9a-f]{1,16}):([0-9a-f]{1,8})");

    /// Empty for any other key, and for one that Loki would spell otherwise.
    public static Optional<LokiChunkKey> tryParse(String key) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches() || !LokiDayIndexes.isTenant(parts.group(1))) {
            return Optional.empty();
        }
        LokiChunkName name = new LokiChunkName(
                Long.parseUnsignedLong(parts.group(3), 16),
                Long.parseUnsignedLong(parts.group(4), 16),
                Integer.parseUnsignedInt(parts.group(5), 16));
        LokiChunkKey parsed = new LokiChunkKey(parts.group(1), Long.parseUnsignedLong(parts.group(2), 16), name);
        return parsed.toString().equals(key) ? Optional.of(parsed) : Optional.empty();
    }

    /// What the chunk's own bytes say.
    public static LokiChunkKey of(LokiChunk chunk) {
        return new LokiChunkKey(chunk.header().tenant(), chunk.header().fingerprint(), chunk.name());
    }

    @Override
    public String toString() {
        return "%s/%x/%x:%x:%x".formatted(tenant, fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c());
    }
}
