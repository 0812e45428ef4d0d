package io.edgeship.block.loki;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// A chunk file in memory whose envelope, checksums and tables hold. Lines are unpacked on the way through
/// [#forEachEntry]. Immutable, so safe from any thread; [LokiChunkReader] makes it.
public final class LokiChunk {
    private static final int BYTES_PER_KB = 1024;

    /// Loki aims at 256 KiB a block, and ends one behind the line that fills it.
    private static final int PAYLOAD_BYTES_MAX = 16 << 20;

    private final String file;
    private final byte[] bytes;
    private final int bodyOffset;
    private final LokiChunkHeader header;
    private final LokiChunkBody body;

    LokiChunk(String file, byte[] bytes, int bodyOffset, LokiChunkHeader header, LokiChunkBody body) {
        this.file = file;
        this.bytes = bytes;
        this.bodyOffset = bodyOffset;
        this.header = header;
        this.body = body;
    }

    /// Takes one line; may stop the walk with an exception.
    @FunctionalInterface
    public interface EntryConsumer {
        void accept(LokiEntry entry) throws IOException;
    }

    /// What errors call it.
    public String file() {
        return file;
    }

    public LokiChunkHeader header() {
        return header;
    }

    /// Of the body: 1 to 4.
    public int version() {
        return body.version();
    }

    public LokiCodec codec() {
        return body.codec();
    }

    /// Lines in all blocks, as the table says.
    public long entries() {
        return body.blocks().stream().mapToLong(LokiBlockMeta::entries).sum();
    }

    /// As Loki's index has it: of lines and metadata, uncompressed, rounded.
    public long kilobytes() {
        long blocks = body.blocks().stream()
                .mapToLong(LokiBlockMeta::uncompressedBytes)
                .sum();
        return Math.round((double) (blocks + body.symbols().bytes()) / BYTES_PER_KB);
    }

    /// What its name says.
    public LokiChunkName name() {
        return new LokiChunkName(header.fromMillis(), header.throughMillis(), crc(bytes, 0, bytes.length));
    }

    /// The file, for its new place.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// Where Loki keeps it, below the chunk root: `<tenant>/<fingerprint>/<name>`.
    public String path() {
        return "%s/%x/%s".formatted(header.tenant(), header.fingerprint(), name());
    }

    LokiChunkBody body() {
        return body;
    }

    /// Unpacks each block and gives its lines in the order of the file.
    ///
    /// @throws CorruptFormatException with the offset of the block, if it breaks the format or its table's word
    public void forEachEntry(EntryConsumer consumer) throws IOException {
        for (LokiBlockMeta block : body.blocks()) {
            int at = bodyOffset + block.offset();
            try (InputStream plain = unpack(block)) {
                new LokiBlockReader(file, at, plain, block, body).forEach(consumer);
            } catch (CorruptFormatException e) {
                throw e;
            } catch (LokiBlockReader.UnpackingException e) {
                throw new CorruptFormatException(file, at, "block of " + codec().label() + ": " + e.getMessage());
            }
        }
    }

    private InputStream unpack(LokiBlockMeta block) throws LokiBlockReader.UnpackingException {
        return LokiBlockReader.unpacking(() ->
                codec().unpack(new ByteArrayInputStream(bytes, bodyOffset + block.offset(), block.packedBytes())));
    }

    /// Every block's plain payload, for another codec.
    List<byte[]> payloads() throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        for (LokiBlockMeta block : body.blocks()) {
            try (InputStream plain = unpack(block)) {
                byte[] payload = LokiBlockReader.unpacking(() -> plain.readNBytes(PAYLOAD_BYTES_MAX + 1));
                if (payload.length > PAYLOAD_BYTES_MAX) {
                    throw new CorruptFormatException(
                            file, bodyOffset + block.offset(), "block of over " + PAYLOAD_BYTES_MAX + " bytes");
                }
                payloads.add(payload);
            }
        }
        return payloads;
    }

    byte[] bodyBytes() {
        return Arrays.copyOfRange(bytes, bodyOffset, bytes.length);
    }

    static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, length);
        return (int) crc.getValue();
    }
}
