package io.edgeship.compact.intake;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.message.PieceName;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// The stream of an item, read from anywhere with ranged requests to its pieces. Keeps the windows that were read last,
/// so that several readers may go through it beside each other. Checksums of pieces are not looked at. Not thread-safe.
final class PieceSource implements ByteSource {
    /// Of a piece, in one request.
    static final int WINDOW_BYTES = 1 << 20;

    /// A pack that fits is read once; of a larger one each stream is read by itself, and most of it skipped.
    static final int KEPT_BYTES_MAX = 12 << 20;

    private final Bucket bucket;
    private final InboxItem item;
    private final PieceCut cut;
    private final LinkedHashMap<Window, byte[]> windows = new LinkedHashMap<>(16, 0.75f, true);
    private int keptBytes;
    private long bytesRead;

    private record Window(int piece, int number) {}

    /// A piece that is not as long as its name says, or not there.
    static final class TornException extends IOException {
        private static final long serialVersionUID = 1;

        private TornException(String problem, @Nullable Throwable cause) {
            super(problem, cause);
        }
    }

    PieceSource(Bucket bucket, InboxItem item, PieceCut cut) {
        this.bucket = bucket;
        this.item = item;
        this.cut = cut;
    }

    @Override
    public String name() {
        return item.prefix();
    }

    @Override
    public long size() {
        return cut.streamBytes();
    }

    /// @throws TornException where a piece ends early
    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int number = cut.pieceAt(offset + done);
            PieceName piece = cut.piece(number);
            int inPiece = (int) (offset + done - piece.offset());
            byte[] window = window(piece, new Window(number, inPiece / WINDOW_BYTES));
            int inWindow = inPiece % WINDOW_BYTES;
            int part = Math.min(length - done, window.length - inWindow);
            System.arraycopy(window, inWindow, target, at + done, part);
            done += part;
        }
    }

    @Override
    public void close() {
        windows.clear();
        keptBytes = 0;
    }

    long bytesRead() {
        return bytesRead;
    }

    private byte[] window(PieceName piece, Window window) throws IOException {
        byte[] there = windows.get(window);
        if (there != null) {
            return there;
        }
        int from = window.number() * WINDOW_BYTES;
        int length = Math.min(WINDOW_BYTES, piece.length() - from);
        while (keptBytes + length > KEPT_BYTES_MAX) {
            keptBytes -= windows.pollFirstEntry().getValue().length; // before it is read: no more are ever in memory
        }
        byte[] bytes = get(piece, from, length);
        windows.put(window, bytes);
        keptBytes += length;
        return bytes;
    }

    private byte[] get(PieceName piece, int from, int length) throws IOException {
        try (InputStream in = bucket.get(item.prefix() + piece, from, length)) {
            byte[] bytes = in.readNBytes(length);
            bytesRead += bytes.length;
            if (bytes.length < length) {
                throw new TornException(piece + " ends early", null);
            }
            return bytes;
        } catch (BucketException.NotFound | BucketException.Refused e) {
            throw new TornException(piece + " is gone, or ends early", e);
        }
    }
}
