package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiDayIndexes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which chunk a file of the edge Loki is, by its name alone.
///
/// @param fingerprint of the stream, an unsigned number
record ChunkKey(String tenant, long fingerprint, LokiChunkName name) {
    private static final Pattern HEX64 = Pattern.compile("[0-9a-f]{1,16}");
    private static final Pattern FLAT =
            Pattern.compile("([^/]+)/([0-9a-f]{1,16}):([0-9a-f]{1,16}):([0-9a-f]{1,16}):([0-9a-f]{1,8})");
    private static final Pattern LINK =
            Pattern.compile("([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,8})-(.+)");
    private static final int HEX = 16;
    private static final int TIME_SHIFT = 16;

    /// Of schema v12 and later: `<tenant>/<fp>/<base64>`.
    static Optional<ChunkKey> ofFolders(String tenant, String fingerprint, String fileName) {
        if (!LokiDayIndexes.isTenant(tenant) || !HEX64.matcher(fingerprint).matches()) {
            return Optional.empty();
        }
        long stream = Long.parseUnsignedLong(fingerprint, HEX);
        return LokiChunkName.tryParse(fileName)
                .filter(ChunkKey::isTimed)
                .map(name -> new ChunkKey(tenant, stream, name));
    }

    /// Of schema v11 and before: all in one flat folder, `base64(<tenant>/<fp>:<from>:<through>:<crc>)`.
    static Optional<ChunkKey> ofFlat(String fileName) {
        try {
            Matcher parts = FLAT.matcher(new String(Base64.getDecoder().decode(fileName), StandardCharsets.UTF_8));
            return parts.matches() ? of(parts.group(1), parts, 2) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /// Of a link in a segment.
    static Optional<ChunkKey> ofLink(String linkName) {
        Matcher parts = LINK.matcher(linkName);
        return parts.matches() ? of(parts.group(5), parts, 1) : Optional.empty();
    }

    private static Optional<ChunkKey> of(String tenant, Matcher parts, int first) {
        if (!LokiDayIndexes.isTenant(tenant)) {
            return Optional.empty();
        }
        LokiChunkName name = new LokiChunkName(
                Long.parseUnsignedLong(parts.group(first + 1), HEX),
                Long.parseUnsignedLong(parts.group(first + 2), HEX),
                Integer.parseUnsignedInt(parts.group(first + 3), HEX));
        return Optional.of(name)
                .filter(ChunkKey::isTimed)
                .map(times -> new ChunkKey(tenant, Long.parseUnsignedLong(parts.group(first), HEX), times));
    }

    private static boolean isTimed(LokiChunkName name) {
        return name.fromMillis() >= 0 && name.throughMillis() >= name.fromMillis();
    }

    String linkName() {
        return "%x-%x-%x-%x-%s".formatted(fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c(), tenant);
    }

    /// Where it may lie in a chunk root: the newer form first.
    List<Path> paths(Path root) {
        byte[] flat = plain().getBytes(StandardCharsets.UTF_8);
        return List.of(
                root.resolve(tenant).resolve(Long.toHexString(fingerprint)).resolve(name.toString()),
                root.resolve(Base64.getEncoder().encodeToString(flat)));
    }

    /// Its lines' times.
    TimeRange range() {
        return new TimeRange(name.fromMillis(), name.throughMillis() + 1);
    }

    /// 128 bits that are this chunk's and no other's.
    ByteBuffer hash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest(plain().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// What a loss record calls it: the same each time.
    BlockId lossId() {
        ByteBuffer hash = hash();
        return new BlockId(name.fromMillis() << TIME_SHIFT | (hash.getShort() & 0xffff), hash.getLong());
    }

    private String plain() {
        return "%s/%x:%x:%x:%x".formatted(tenant, fingerprint, name.fromMillis(), name.throughMillis(), name.crc32c());
    }

    @Override
    public String toString() {
        return plain();
    }
}
