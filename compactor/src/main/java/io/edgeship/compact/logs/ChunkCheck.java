package io.edgeship.compact.logs;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiIndexedChunk;
import io.edgeship.compact.intake.RejectedException;
import java.io.IOException;

/// Judges a chunk that a site sent (I8): it is what its key says, every line of it can be read, and it is the site's
/// own. Reads nothing but the bytes.
final class ChunkCheck {
    private final Owner owner;

    /// Whether a chunk is of a site.
    @FunctionalInterface
    private interface Owner {
        void check(String site, LokiChunkHeader header) throws RejectedException;
    }

    private ChunkCheck(Owner owner) {
        this.owner = owner;
    }

    ChunkCheck(TenantRules tenants) {
        this(tenants::check);
    }

    /// Of chunks that were let in before.
    static ChunkCheck ofAnybody() {
        return new ChunkCheck((Owner) (_, _) -> {});
    }

    /// @throws UnsupportedVersionException for a chunk of a later version
    LokiIndexedChunk check(String site, LokiChunkKey key, byte[] bytes) throws IOException, RejectedException {
        LokiChunk chunk = read(key, bytes);
        LokiChunkKey found = LokiChunkKey.of(chunk);
        require(found.equals(key), "chunk.key", "'%s' holds '%s'", key, found);
        owner.check(site, chunk.header());
        try {
            return LokiIndexedChunk.of(chunk);
        } catch (IOException e) {
            throw new RejectedException("chunk.time", String.valueOf(e.getMessage()));
        }
    }

    /// The bytes are in memory: whatever ends the reading lies in them.
    private static LokiChunk read(LokiChunkKey key, byte[] bytes) throws IOException, RejectedException {
        try {
            LokiChunk chunk = LokiChunkReader.open(key.toString(), bytes);
            chunk.forEachEntry(_ -> {});
            return chunk;
        } catch (UnsupportedVersionException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new RejectedException("chunk", String.valueOf(e.getMessage()));
        }
    }
}
