package io.edgeship.compact.merge;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.ObjectDigest;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/// The bytes of one part, in pieces that are taken as they are needed: a file that stays small costs little. Not
/// thread-safe; handed from the one who fills it to the one who sends it.
final class PartBuffer {
    static final int PIECE_BYTES = 64 << 10;

    private final BufferPool pool;
    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    PartBuffer(BufferPool pool) {
        this.pool = pool;
    }

    int size() {
        return size;
    }

    void add(byte[] bytes, int at, int length) {
        for (int done = 0; done < length; ) {
            int inPiece = size % PIECE_BYTES;
            if (inPiece == 0) {
                pieces.add(pool.take());
            }
            int count = Math.min(length - done, PIECE_BYTES - inPiece);
            System.arraycopy(bytes, at + done, pieces.getLast(), inPiece, count);
            size += count;
            done += count;
        }
    }

    /// @param withMd5 whether the store wants one: it takes ten times as long as the other
    ObjectDigest.Part digest(boolean withMd5) {
        CRC32C crc = new CRC32C();
        MessageDigest md5 = Digests.md5();
        for (int i = 0; i < pieces.size(); i++) {
            crc.update(pieces.get(i), 0, lengthOf(i));
            if (withMd5) {
                md5.update(pieces.get(i), 0, lengthOf(i));
            }
        }
        String md5Hex = withMd5 ? HexFormat.of().formatHex(md5.digest()) : "";
        return new ObjectDigest.Part(size, md5Hex, (int) crc.getValue());
    }

    private int lengthOf(int piece) {
        return Math.min(PIECE_BYTES, size - piece * PIECE_BYTES);
    }

    /// The bytes to be sent, not copied: nothing is added until the request has ended.
    Body body(ObjectDigest.Part digest) {
        return new Body() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public Optional<String> md5Hex() {
                return Optional.of(digest.md5Hex()).filter(md5Hex -> !md5Hex.isEmpty());
            }

            @Override
            public OptionalInt crc32c() {
                return OptionalInt.of(digest.crc32c());
            }

            @Override
            public InputStream open() {
                return new Stream();
            }
        };
    }

    /// Gives the memory back.
    void release() {
        pieces.forEach(pool::give);
        pieces.clear();
        size = 0;
    }

    private final class Stream extends InputStream {
        private int at;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (at == size) {
                return -1;
            }
            int inPiece = at % PIECE_BYTES;
            int count = Math.min(Math.min(length, PIECE_BYTES - inPiece), size - at);
            System.arraycopy(pieces.get(at / PIECE_BYTES), inPiece, target, offset, count);
            at += count;
            return count;
        }
    }
}
