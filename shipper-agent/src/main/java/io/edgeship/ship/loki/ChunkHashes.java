package io.edgeship.ship.loki;

import io.edgeship.block.BlockId;
import io.edgeship.block.loki.LokiChunkKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Short names of chunks. Stateless.
final class ChunkHashes {
    private static final int TIME_SHIFT = 16;

    private ChunkHashes() {}

    /// 256 bits that are this chunk's and no other's.
    static ByteBuffer of(LokiChunkKey key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(sha256.digest(key.flat().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// What a loss record calls it: the same each time.
    static BlockId lossId(LokiChunkKey key) {
        ByteBuffer hash = of(key);
        return new BlockId(key.name().fromMillis() << TIME_SHIFT | (hash.getShort() & 0xffff), hash.getLong());
    }
}
