package io.edgeship.compact.logs;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.intake.InboxItem;
import io.edgeship.compact.intake.ItemFolder;
import io.edgeship.compact.intake.PieceCut;
import io.edgeship.compact.intake.PieceReader;
import io.edgeship.compact.intake.RejectedException;
import io.edgeship.compact.logs.SegmentPlan.PlannedChunk;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the chunks of one segment together from its pieces: one pass over the stream, one chunk in memory. A damaged
/// piece does not end the pass, so that one receipt names all that are damaged.
final class ChunksInPieces implements SegmentReader {
    /// Pieces that one receipt names; the rest is named by the answer to the next manifest.
    private static final int MISSING_MAX = 10_000;

    private final List<PlannedChunk> chunks;
    private final PieceCut cut;
    private final ItemFolder folder;
    private final PieceReader reader;
    private final BitSet damaged = new BitSet();
    private int next;
    private byte[] bytes = {};
    private int filled;
    private @Nullable String wrongHash;

    ChunksInPieces(Bucket bucket, InboxItem item, List<PlannedChunk> chunks, PieceCut cut) {
        this.chunks = chunks;
        this.cut = cut;
        folder = new ItemFolder(bucket, item);
        reader = new PieceReader(bucket, item, cut);
    }

    @Override
    public List<PieceName> read(ChunkSink sink) throws IOException, RejectedException {
        BitSet absent = folder.absent(cut);
        if (!absent.isEmpty()) {
            return named(absent);
        }
        begin();
        for (int i = 0; i < cut.pieces(); i++) {
            if (!reader.read(i, (_, from, length) -> spread(from, length, sink))) {
                damaged.set(i);
                next = chunks.size(); // what follows is read, and taken by nobody
            }
        }
        if (damaged.isEmpty() && wrongHash != null) {
            throw new RejectedException("files.sha256", "of " + wrongHash + " is another than the manifest's");
        }
        return named(damaged);
    }

    private List<PieceName> named(BitSet numbers) {
        return numbers.stream().limit(MISSING_MAX).mapToObj(cut::piece).toList();
    }

    private void begin() {
        bytes = new byte[(int) chunks.get(next).file().sizeBytes()];
        filled = 0;
    }

    /// Gives bytes to the chunks that they belong to.
    private void spread(byte[] from, int length, ChunkSink sink) throws IOException, RejectedException {
        for (int at = 0; at < length && next < chunks.size(); ) {
            int part = Math.min(length - at, bytes.length - filled);
            System.arraycopy(from, at, bytes, filled, part);
            at += part;
            filled += part;
            if (filled == bytes.length) {
                whole(chunks.get(next), sink);
            }
        }
    }

    private void whole(PlannedChunk chunk, ChunkSink sink) throws IOException, RejectedException {
        if (!SegmentReader.hasHash(bytes, chunk.file())) {
            wrongHash = chunk.file().path(); // whether a piece is at fault shows at its end
            next = chunks.size();
            return;
        }
        sink.take(chunk, bytes);
        next++;
        if (next < chunks.size()) {
            begin();
        }
    }

    @Override
    public long bytesRead() {
        return reader.bytesRead();
    }
}
