package io.edgeship.compact.logs;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiIndexedChunk;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.intake.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Makes indexes for chunks that are in none, of what they say themselves. Of a large chunk only its two ends are read,
/// where header and tables are; a small one, and one whose tables are elsewhere, is read whole and checked. Not
/// thread-safe.
final class LostIndexes {
    /// Header and symbols; of most chunks.
    static final int HEAD_BYTES = 64 << 10;

    /// The table of blocks.
    static final int TAIL_BYTES = 16 << 10;

    private final Bucket bucket;
    private final CentralLoki loki;
    private final int headBytes;
    private final int tailBytes;
    private final ChunkCheck check;
    private final MappedStreams mapped;
    private IndexBatch batch;
    private int indexes;
    private int chunks;

    LostIndexes(Bucket bucket, CentralLoki loki) {
        this(bucket, loki, HEAD_BYTES, TAIL_BYTES);
    }

    /// @param headBytes of a large chunk that are read, and `tailBytes`
    LostIndexes(Bucket bucket, CentralLoki loki, int headBytes, int tailBytes) {
        this.bucket = bucket;
        this.headBytes = headBytes;
        this.tailBytes = tailBytes;
        this.loki = loki;
        check = ChunkCheck.ofAnybody();
        mapped = new MappedStreams(bucket);
        batch = new IndexBatch(bucket, loki);
    }

    /// @param bytes of the chunk
    /// @param day   whose index lacks it
    /// @throws RejectedException if the central Loki could not read it
    void add(LokiChunkKey key, long bytes, long day) throws IOException, RejectedException {
        var obstacle = loki.obstacle(key.name());
        if (obstacle.isPresent()) {
            throw new RejectedException("chunk.time", obstacle.get());
        }
        if (batch.isFull()) {
            write();
        }
        LokiIndexedChunk chunk = outline(key, bytes);
        Optional<String> doubled = mapped.obstacle(key, chunk.labels());
        if (doubled.isPresent()) {
            throw new RejectedException("chunk.fingerprint", doubled.get());
        }
        batch.add(chunk, day);
    }

    private LokiIndexedChunk outline(LokiChunkKey key, long size) throws IOException, RejectedException {
        if (size > headBytes + tailBytes && size <= LokiChunkReader.CHUNK_BYTES_MAX) {
            byte[] ends = new byte[(int) size];
            read(key, 0, ends, headBytes);
            read(key, ends.length - tailBytes, ends, tailBytes);
            try {
                return LokiChunkReader.outline(key, ends);
            } catch (CorruptFormatException e) {
                return whole(key); // its tables may be larger
            }
        }
        return whole(key);
    }

    private void read(LokiChunkKey key, int at, byte[] target, int length) throws IOException {
        try (InputStream in = bucket.get(key.toString(), at, length)) {
            if (in.readNBytes(target, at, length) < length) {
                throw new CorruptFormatException(key.toString(), at, "is shorter than the listing said");
            }
        }
    }

    private LokiIndexedChunk whole(LokiChunkKey key) throws IOException, RejectedException {
        try (InputStream in = bucket.get(key.toString())) {
            return check.check("", key, in.readNBytes(LokiChunkReader.CHUNK_BYTES_MAX + 1));
        }
    }

    /// Writes what was added since.
    void write() throws IOException {
        if (batch.chunks() > 0) {
            indexes += batch.write(() -> {});
            chunks += batch.chunks();
            batch = new IndexBatch(bucket, loki);
        }
    }

    int indexes() {
        return indexes;
    }

    /// Entries, one for each day that lacked one.
    int chunks() {
        return chunks;
    }
}
