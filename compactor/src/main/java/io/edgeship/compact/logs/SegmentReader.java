package io.edgeship.compact.logs;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.intake.Digests;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.PieceCut;
import io.edgeship.compact.intake.PlannedFile;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.compact.logs.SegmentPlan.PlannedChunk;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;

/// Reads the chunks of one segment, one at a time in memory. For one segment; not thread-safe.
sealed interface SegmentReader permits ChunksInPieces, ChunksInPlace {
    static SegmentReader of(Bucket bucket, InboxItem item, SegmentPlan plan) {
        PieceCut cut = plan.cut();
        return cut == null ? new ChunksInPlace(bucket, plan) : new ChunksInPieces(bucket, item, plan.chunks(), cut);
    }

    /// Takes a chunk whose bytes have the hash that the manifest gives.
    @FunctionalInterface
    interface ChunkSink {
        void take(PlannedChunk chunk, byte[] bytes) throws IOException, RejectedException;
    }

    /// @return the pieces that are gone or damaged; of chunks in their places, each such chunk as if it were a piece of
    ///     a stream of them all. Empty if the sink has got every chunk
    /// @throws RejectedException what the sink says, or if all pieces are whole and do not make the files
    List<PieceName> read(ChunkSink sink) throws IOException, RejectedException;

    /// So far.
    long bytesRead();

    static boolean hasHash(byte[] bytes, PlannedFile file) {
        return MessageDigest.isEqual(Digests.sha256(bytes), file.sha256());
    }
}
