package io.edgeship.block.loki;

import io.edgeship.block.TimeRange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which chunk an object or a file is, by its name alone. As text it is the key in an object store, as Loki has
/// it from schema v12 on: `<tenant>/<fingerprint>/<from>:<through>:<crc32c>`, numbers in hexadecimal without
/// zeros before them.
///
/// @param fingerprint of the stream, an unsigned 64-bit number
public record LokiChunkKey(String tenant, long fingerprint, LokiChunkName name) {
    private static final String HEX64 = "([0-9a-f]{1,16})";
    private static final String HEX32 = "([0-9a-f]{1,8})";
    private static final Pattern FINGERPRINT = Pattern.compile(HEX64);
    private static final Pattern KEY = Pattern.compile("([^/]+)/" + HEX64 + "/" + HEX64 + ":" + HEX64 + ":" + HEX32);
    private static final Pattern FLAT = Pattern.compile("([^/]+)/" + HEX64 + ":" + HEX64 + ":" + HEX64 + ":" + HEX32);
    private static final Pattern ONE_NAME = Pattern.compile(HEX64 + "-" + HEX64 + "-" + HEX64 + "-" + HEX32 + "-(.+)");
    private static final int HEX = 16;

    /// Empty for any other key, and for one that Loki would spell otherwise.
    public static Optional<LokiChunkKey> tryParse(String key) {
        Matcher parts = KEY.matcher(key);
        return parts.matches()
                ? of(parts.group(1), parts, 2)
                        .filter(parsed -> parsed.toString().equals(key))
                : Optional.empty();
    }

    /// Of a file in a chunk directory, schema v12 and later: `<tenant>/<fingerprint>/<base64>`.
    ///
    /// @return empty for what is no chunk's, or covers no time
    public static Optional<LokiChunkKey> ofFolders(String tenant, String fingerprint, String fileName) {
        if (!LokiDayIndexes.isTenant(tenant)
                || !FINGERPRINT.matcher(fingerprint).matches()) {
            return Optional.empty();
        }
        long stream = Long.parseUnsignedLong(fingerprint, HEX);
        return LokiChunkName.tryParse(fileName)
                .map(name -> new LokiChunkKey(tenant, stream, name))
                .filter(LokiChunkKey::isTimed);
    }

    /// Of a file in a chunk directory, schema v11 and before: all in one flat folder, `base64(`[#flat]`)`.
    ///
    /// @return empty for what is no chunk's, or covers no time
    public static Optional<LokiChunkKey> ofFlat(String fileName) {
        try {
            Matcher parts = FLAT.matcher(new String(Base64.getDecoder().decode(fileName), StandardCharsets.UTF_8));
            return parts.matches() ? of(parts.group(1), parts, 2).filter(LokiChunkKey::isTimed) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /// Reads [#oneName].
    ///
    /// @return empty for what is no chunk's, or covers no time
    public static Optional<LokiChunkKey> ofOneName(String name) {
        Matcher parts = ONE_NAME.matcher(name);
        return parts.matches() ? of(parts.group(5), parts, 1).filter(LokiChunkKey::isTimed) : Optional.empty();
    }

    private static Optional<LokiChunkKey> of(String tenant, Matcher parts, int first) {
        if (!LokiDayIndexes.isTenant(tenant)) {
            return Optional.empty();
        }
        LokiChunkName name = new LokiChunkName(
                Long.parseUnsignedLong(parts.group(first + 1), HEX),
                Long.parseUnsignedLong(parts.group(first + 2), HEX),
                Integer.parseUnsignedInt(parts.group(first + 3), HEX));
        return Optional.of(new LokiChunkKey(tenant, Long.parseUnsignedLong(parts.group(first), HEX), name));
    }

    /// What the chunk's own bytes say.
    public static LokiChunkKey of(LokiChunk chunk) {
        return new LokiChunkKey(chunk.header().tenant(), chunk.header().fingerprint(), chunk.name());
    }

    private boolean isTimed() {
        return name.fromMillis() >= 0 && name.throughMillis() >= name.fromMillis();
    }

    /// From the first line to just past the last.
    public TimeRange range() {
        return new TimeRange(name.fromMillis(), name.throughMillis() + 1);
    }

    /// A file's name for folders that hold chunks of many streams and tenants:
    /// `<fp>-<from>-<through>-<crc32c>-<tenant>`.
    public String oneName() {
        return "%x-%x-%x-%x-%s".formatted(fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c(), tenant);
    }

    /// Where it may lie in a chunk directory: the newer form first.
    public List<Path> paths(Path root) {
        byte[] flat = flat().getBytes(StandardCharsets.UTF_8);
        return List.of(
                root.resolve(tenant).resolve(Long.toHexString(fingerprint)).resolve(name.toString()),
                root.resolve(Base64.getEncoder().encodeToString(flat)));
    }

    /// The key up to schema v11: `<tenant>/<fingerprint>:<from>:<through>:<crc32c>`.
    public String flat() {
        return "%s/%x:%x:%x:%x".formatted(tenant, fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c());
    }

    @Override
    public String toString() {
        return "%s/%x/%x:%x:%x".formatted(tenant, fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c());
    }
}
