package io.edgeship.compact.intake;

import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/// Reads the pieces of one item, each in one sequential request, and tells whole ones from others. Not thread-safe.
public final class PieceReader {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Bucket bucket;
    private final InboxItem item;
    private final PieceCut cut;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytesRead;

    public PieceReader(Bucket bucket, InboxItem item, PieceCut cut) {
        this.bucket = bucket;
        this.item = item;
        this.cut = cut;
    }

    /// Takes the bytes of a piece in order, before it is known whether the piece is whole.
    public interface Sink {
        /// @param offset of the bytes in the stream
        void take(long offset, byte[] bytes, int length) throws IOException, RejectedException;
    }

    /// @return whether the piece is there with the length and checksum of its name; otherwise the sink got any bytes,
    ///     but no more than the piece should have
    public boolean read(int number, Sink sink) throws IOException, RejectedException {
        PieceName piece = cut.piece(number);
        CRC32C crc = new CRC32C();
        long at = piece.offset();
        InputStream opened;
        try {
            opened = bucket.get(item.prefix() + piece);
        } catch (BucketException.NotFound e) {
            return false;
        }
        try (InputStream in = opened) {
            while (true) {
                int read = in.read(buffer, 0, Math.clamp(piece.end() - at, 1, buffer.length));
                if (read < 0) {
                    return at == piece.end() && (int) crc.getValue() == piece.crc32c();
                }
                bytesRead += read;
                if (at == piece.end()) {
                    return false; // longer than its name says
                }
                crc.update(buffer, 0, read);
                sink.take(at, buffer, read);
                at += read;
            }
        }
    }

    /// Of all pieces so far.
    public long bytesRead() {
        return bytesRead;
    }
}
