package io.edgeship.compact.logs;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.intake.PlannedFile;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.compact.logs.SegmentPlan.PlannedChunk;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Reads chunks that the site has put where Loki looks for them.
final class ChunksInPlace implements SegmentReader {
    private final Bucket bucket;
    private final SegmentPlan plan;
    private long bytesRead;

    ChunksInPlace(Bucket bucket, SegmentPlan plan) {
        this.bucket = bucket;
        this.plan = plan;
    }

    @Override
    public List<PieceName> read(ChunkSink sink) throws IOException, RejectedException {
        List<PieceName> missing = new ArrayList<>();
        for (PlannedChunk chunk : plan.chunks()) {
            byte[] bytes = bytes(chunk.file());
            if (SegmentReader.hasHash(bytes, chunk.file())) {
                sink.take(chunk, bytes);
            } else {
                missing.add(named(chunk));
            }
        }
        return missing;
    }

    /// None where it is not there; no more than one byte too many.
    private byte[] bytes(PlannedFile file) throws IOException {
        try (InputStream in = bucket.get(file.path())) {
            byte[] bytes = in.readNBytes((int) file.sizeBytes() + 1);
            bytesRead += bytes.length;
            return bytes;
        } catch (BucketException.NotFound e) {
            return new byte[0];
        }
    }

    /// A longer one than a piece may be is named by its beginning.
    private static PieceName named(PlannedChunk chunk) {
        int length = (int) Math.min(chunk.file().sizeBytes(), PieceName.LENGTH_MAX);
        return new PieceName(chunk.file().offset(), length, chunk.key().name().crc32c());
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }
}
