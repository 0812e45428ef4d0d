package io.edgeship.block;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The ULID of a block that is made of other blocks: the same sources under the same rule always give the same one, so
/// that a retry never makes a second block (I4). Its time is that of the newest source, its other 80 bits are of a
/// SHA-256 over all that decides what the block holds.
public final class DerivedBlockId {
    /// Part of the hash. To be raised whenever a writer makes other bytes of the same sources.
    private static final int WRITER_VERSION = 1;

    private static final long TIME_MAX = (1L << 48) - 1;
    private static final int UNIQUE_BYTES_AT = 6; // in the 16 bytes of a ULID

    private DerivedBlockId() {}

    /// @param rule             what is done to the sources, with every option that changes the outcome: `merge`
    /// @param sources          blocks that are read, in any order; at least one
    /// @param labels           external labels of the new block
    /// @param resolutionMillis 0 for raw samples
    public static BlockId of(
            String rule,
            Collection<BlockId> sources,
            Map<String, String> labels,
            long resolutionMillis,
            TimeRange range) {
        BlockId newest = Collections.max(sources);
        MessageDigest digest = sha256();
        number(digest, WRITER_VERSION);
        text(digest, rule);
        number(digest, sources.size());
        for (BlockId source : new TreeSet<>(sources)) {
            number(digest, source.high());
            number(digest, source.low());
        }
        finish(digest, labels, resolutionMillis, range);
        return id(newest.timeMillis(), digest.digest());
    }

    /// The ULID of a raw block that is made of something else than blocks, and bears the time of its end.
    ///
    /// @param rule    what it is made of, and how: `synthetic seed=1`
    /// @param content a hash of what it is made of, where `rule` does not say it all
    public static BlockId ofContent(String rule, byte[] content, Map<String, String> labels, TimeRange range) {
        MessageDigest digest = sha256();
        number(digest, WRITER_VERSION);
        text(digest, rule);
        number(digest, content.length);
        digest.update(content);
        finish(digest, labels, 0, range);
        return id(Math.clamp(range.maxTime(), 0, TIME_MAX), digest.digest());
    }

    private static void finish(
            MessageDigest digest, Map<String, String> labels, long resolutionMillis, TimeRange range) {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        number(digest, sorted.size());
        sorted.forEach((name, value) -> {
            text(digest, name);
            text(digest, value);
        });
        number(digest, resolutionMillis);
        number(digest, range.minTime());
        number(digest, range.maxTime());
    }

    private static BlockId id(long timeMillis, byte[] hash) {
        ByteBuffer ulid = ByteBuffer.allocate(2 * Long.BYTES);
        ulid.putLong(timeMillis << Short.SIZE).putLong(0);
        ulid.put(UNIQUE_BYTES_AT, hash, 0, 2 * Long.BYTES - UNIQUE_BYTES_AT);
        ulid.flip();
        return new BlockId(ulid.getLong(), ulid.getLong());
    }

    private static void number(MessageDigest digest, long value) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    /// Its length first, so that no two lists of texts give the same bytes.
    private static void text(MessageDigest digest, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(digest, utf8.length);
        digest.update(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
