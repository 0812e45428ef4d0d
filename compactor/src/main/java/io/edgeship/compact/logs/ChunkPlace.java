package io.edgeship.compact.logs;

import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.compact.logs.WholeObjects.There;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.zip.CRC32C;

/// Puts chunks where the central Loki looks for them. Nobody's chunk is replaced, unless it is damaged.
final class ChunkPlace {
    private static final Log LOG = Log.of(ChunkPlace.class);

    private final WholeObjects objects;

    ChunkPlace(Bucket bucket) {
        objects = new WholeObjects(bucket);
    }

    /// @throws RejectedException if another chunk is there whose checksum is the same
    void put(LokiChunkKey key, byte[] bytes) throws IOException, RejectedException {
        String path = key.toString();
        There there = objects.find(path, bytes);
        if (there == There.SAME) {
            return;
        }
        if (there == There.ANOTHER) {
            CRC32C crc = new CRC32C();
            crc.update(objects.read(path, LokiChunkReader.CHUNK_BYTES_MAX));
            RejectedException.require(
                    (int) crc.getValue() != key.name().crc32c(), "chunk.exists", "another is at %s", path);
            LOG.warn("chunk in the bucket is damaged, replaced by what its site sent", "key", path);
        }
        objects.put(path, bytes);
    }
}
