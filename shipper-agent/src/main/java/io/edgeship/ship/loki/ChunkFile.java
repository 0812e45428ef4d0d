package io.edgeship.ship.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkName;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// A chunk file that is read once, through a small window, and held against its name. Stateless.
final class ChunkFile {
    private static final int WINDOW_BYTES = 64 << 10;

    private ChunkFile() {}

    /// A chunk as it is shipped.
    ///
    /// @param head       in the place of the source's own; empty where the chunk is shipped as it is
    /// @param bodyOffset where what follows the head begins in the source's file
    record AtTheCentre(String path, long sizeBytes, String sha256, byte[] head, int bodyOffset) {}

    /// Reads a whole chunk.
    ///
    /// @throws CorruptFormatException if it is not whole, or is another than its name says
    static LokiChunkHeader check(Path file, LokiChunkKey key) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            CRC32C crc = new CRC32C();
            Opening opening = open(file, key, in);
            crc.update(opening.bytes());
            byte[] window = new byte[WINDOW_BYTES];
            for (int read = in.read(window); read >= 0; read = in.read(window)) {
                crc.update(window, 0, read);
            }
            requireCrc(file, key, crc);
            return opening.header();
        }
    }

    /// As [#check], and tells in the same reading what the chunk is at the centre.
    static AtTheCentre map(Path file, LokiChunkKey key, Tenants tenants) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Opening opening = open(file, key, in);
            int bodyBytes = Math.toIntExact(opening.sizeBytes() - opening.bytes().length);
            LokiChunkHeader header = tenants.map(file.toString(), opening.header());
            boolean keeps = tenants.keepsChunks();
            byte[] head = keeps ? opening.bytes() : LokiChunkRewriter.head(header, bodyBytes);
            CRC32C before = new CRC32C();
            before.update(opening.bytes());
            CRC32C after = new CRC32C();
            after.update(head);
            MessageDigest sha256 = sha256();
            sha256.update(head);
            byte[] window = new byte[WINDOW_BYTES];
            for (int read = in.read(window); read >= 0; read = in.read(window)) {
                before.update(window, 0, read);
                after.update(window, 0, read);
                sha256.update(window, 0, read);
            }
            requireCrc(file, key, before);
            LokiChunkName name = new LokiChunkName(header.fromMillis(), header.throughMillis(), (int) after.getValue());
            return new AtTheCentre(
                    new LokiChunkKey(header.tenant(), header.fingerprint(), name).toString(),
                    (long) head.length + bodyBytes,
                    HexFormat.of().formatHex(sha256.digest()),
                    keeps ? new byte[0] : head,
                    keeps ? 0 : opening.bytes().length);
        }
    }

    /// All before the body, and what it says.
    private record Opening(byte[] bytes, LokiChunkHeader header, long sizeBytes) {}

    private static Opening open(Path file, LokiChunkKey key, InputStream in) throws IOException {
        long size = Files.size(file);
        if (size > LokiChunkReader.CHUNK_BYTES_MAX) {
            throw new CorruptFormatException(
                    file.toString(), 0, "%d bytes, limit %d".formatted(size, LokiChunkReader.CHUNK_BYTES_MAX));
        }
        byte[] first = in.readNBytes(Integer.BYTES);
        int headBytes = LokiChunkReader.headBytes(file.toString(), first);
        byte[] head = new byte[headBytes];
        System.arraycopy(first, 0, head, 0, first.length);
        if (in.readNBytes(head, first.length, headBytes - first.length) < headBytes - first.length) {
            throw new CorruptFormatException(file.toString(), size, "ends in its header");
        }
        LokiChunkHeader header = LokiChunkReader.parseHead(file.toString(), head, size);
        requireNamed(file, key, header);
        return new Opening(head, header, size);
    }

    private static void requireNamed(Path file, LokiChunkKey key, LokiChunkHeader header)
            throws CorruptFormatException {
        boolean same = header.tenant().equals(key.tenant())
                && header.fingerprint() == key.fingerprint()
                && header.fromMillis() == key.name().fromMillis()
                && header.throughMillis() == key.name().throughMillis();
        if (!same) {
            throw new CorruptFormatException(
                    file.toString(),
                    Integer.BYTES,
                    "header is of %s/%x, %d to %d, the name of %s"
                            .formatted(
                                    header.tenant(),
                                    header.fingerprint(),
                                    header.fromMillis(),
                                    header.throughMillis(),
                                    key));
        }
    }

    private static void requireCrc(Path file, LokiChunkKey key, CRC32C crc) throws CorruptFormatException {
        int actual = (int) crc.getValue();
        if (actual != key.name().crc32c()) {
            throw new CorruptFormatException(
                    file.toString(),
                    0,
                    "crc32c is %08x, but the name says %08x"
                            .formatted(actual, key.name().crc32c()));
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
