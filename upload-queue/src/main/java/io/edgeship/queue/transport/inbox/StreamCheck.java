package io.edgeship.queue.transport.inbox;

import com.google.protobuf.ByteString;
import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;

/// One pass over a stream's bytes before its manifest: the digest of each file that it consists of, and whether each
/// piece that went out
/// still has the bytes that the disk gives (I10). Used once.
final class StreamCheck {
    private final List<Manifest.File> files = new ArrayList<>();
    private final List<PieceName> changed = new ArrayList<>();
    private final Iterator<PieceName> pieces;
    private final CRC32C crc = new CRC32C();
    private PieceName piece;
    private int left;

    private StreamCheck(Collection<PieceName> pieces) {
        this.pieces = pieces.iterator();
        piece = this.pieces.next();
        left = piece.length();
    }

    /// @param pieces all of the stream, in order, without holes
    static StreamCheck of(ItemStream stream, Collection<PieceName> pieces) throws IOException {
        StreamCheck check = new StreamCheck(pieces);
        long offset = 0;
        for (Item.DataFile file : stream.files()) {
            check.read(file, stream.open(offset, file.sizeBytes()));
            offset += file.sizeBytes();
        }
        return check;
    }

    /// In the order of the stream.
    List<Manifest.File> files() {
        return files;
    }

    /// The pieces whose bytes are others now.
    List<PieceName> changed() {
        return changed;
    }

    private void read(Item.DataFile file, InputStream bytes) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] window = new byte[ItemStream.WINDOW_BYTES];
        try (bytes) {
            for (int read = bytes.read(window); read >= 0; read = bytes.read(window)) {
                sha256.update(window, 0, read);
                compare(window, read);
            }
        }
        files.add(Manifest.File.newBuilder()
                .setPath(file.relativePath())
                .setSizeBytes(file.sizeBytes())
                .setSha256(ByteString.copyFrom(sha256.digest()))
                .build());
    }

    private void compare(byte[] window, int length) {
        for (int at = 0; at < length; ) {
            int taken = Math.min(left, length - at);
            crc.update(window, at, taken);
            at += taken;
            left -= taken;
            if (left == 0) {
                endPiece();
            }
        }
    }

    private void endPiece() {
        if ((int) crc.getValue() != piece.crc32c()) {
            changed.add(piece);
        }
        crc.reset();
        if (pieces.hasNext()) {
            piece = pieces.next();
            left = piece.length();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
