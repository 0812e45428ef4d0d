package io.edgeship.block.loki;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the tables of a chunk's body and checks every checksum. Not thread-safe.
final class LokiBodyReader {
    private static final int SYMBOLS_BYTES_MAX = 4 << 20;
    private static final int NO_METADATA_TRAILER_BYTES = Long.BYTES;
    private static final int METADATA_TRAILER_BYTES = 4 * Long.BYTES;

    private final byte[] bytes;
    private final int bodyOffset;
    private final FormatReader in;
    private boolean checksBlocks = true;

    LokiBodyReader(String file, byte[] bytes, int bodyOffset) {
        this.bytes = bytes;
        this.bodyOffset = bodyOffset;
        this.in = new FormatReader(ByteSource.of(file, bytes), bodyOffset, bytes.length);
    }

    /// Leaves the blocks themselves alone, which need not be there.
    LokiBodyReader withoutBlocks() {
        checksBlocks = false;
        return this;
    }

    LokiChunkBody read() throws IOException {
        int magic = in.u32("magic");
        if (magic != LokiChunkBody.MAGIC) {
            throw in.corrupt("magic is %08x, a chunk's is %08x".formatted(magic, LokiChunkBody.MAGIC));
        }
        int version = in.u8("version");
        if (version < 1) {
            throw in.corrupt("version is " + version);
        }
        if (version > LokiChunkBody.NEWEST_VERSION) {
            throw in.unsupported(version, LokiChunkBody.NEWEST_VERSION);
        }
        LokiCodec codec = version < LokiChunkBody.FIRST_WITH_CODEC ? LokiCodec.GZIP : codec();
        int firstBlock = (int) in.position() - bodyOffset;
        if (version < LokiChunkBody.FIRST_WITH_METADATA) {
            seekFromEnd(NO_METADATA_TRAILER_BYTES);
            int metasOffset = offset("offset of the table", bytes.length - bodyOffset - NO_METADATA_TRAILER_BYTES);
            int end = bytes.length - bodyOffset - NO_METADATA_TRAILER_BYTES;
            return new LokiChunkBody(version, codec, LokiSymbols.NONE, blocks(version, firstBlock, metasOffset, end));
        }
        return withMetadata(codec, firstBlock);
    }

    private LokiChunkBody withMetadata(LokiCodec codec, int sectionStart) throws IOException {
        seekFromEnd(METADATA_TRAILER_BYTES);
        int end = bytes.length - bodyOffset - METADATA_TRAILER_BYTES;
        int symbolsLength = offset("length of the symbols", end);
        int symbolsOffset = offset("offset of the symbols", end);
        if (symbolsOffset != sectionStart) {
            throw in.corrupt("symbols at %d, they begin at %d".formatted(symbolsOffset, sectionStart));
        }
        int metasLength = offset("length of the table", end);
        int metasOffset = offset("offset of the table", end);
        if (metasOffset + (long) metasLength + Integer.BYTES != end) {
            throw in.corrupt("table of %d bytes at %d does not end at %d".formatted(metasLength, metasOffset, end));
        }
        if (symbolsOffset + (long) symbolsLength + Integer.BYTES > metasOffset) {
            throw in.corrupt("symbols of %d bytes reach into the table".formatted(symbolsLength));
        }
        int firstBlock = symbolsOffset + symbolsLength + Integer.BYTES;
        checksum(symbolsOffset, symbolsLength, "symbols");
        LokiSymbols symbols = symbols(codec, symbolsOffset, symbolsLength);
        int version = LokiChunkBody.FIRST_WITH_METADATA;
        return new LokiChunkBody(version, codec, symbols, blocks(version, firstBlock, metasOffset, end));
    }

    private LokiCodec codec() throws IOException {
        int code = in.u8("codec");
        return LokiCodec.ofCode(code).orElseThrow(() -> in.corrupt("no codec " + code));
    }

    private void seekFromEnd(int trailerBytes) throws IOException {
        if (bytes.length - bodyOffset < trailerBytes) {
            throw in.corrupt("body of %d bytes has no trailer".formatted(bytes.length - bodyOffset));
        }
        in.seek(bytes.length - (long) trailerBytes, "trailer");
    }

    /// A number of the trailer that lies in the body.
    private int offset(String field, int limit) throws IOException {
        long value = in.u64(field);
        if (value < 0 || value > limit) {
            throw in.corrupt("%s is %s, limit %d".formatted(field, Long.toUnsignedString(value), limit));
        }
        return (int) value;
    }

    private LokiSymbols symbols(LokiCodec codec, int offset, int length) throws IOException {
        in.seek(bodyOffset + (long) offset, "symbols");
        long count = in.uvarint("number of symbols");
        int packedAt = (int) in.position();
        int packedLength = bodyOffset + offset + length - packedAt;
        if (packedLength < 0 || count < 0 || count > SYMBOLS_BYTES_MAX) {
            throw in.corrupt("%s symbols in %d bytes".formatted(Long.toUnsignedString(count), length));
        }
        byte[] packed = in.bytes(packedLength, "symbols");
        if (count == 0) {
            return new LokiSymbols(List.of(), packed, 0);
        }
        in.seek(packedAt, "symbols");
        byte[] plain = plainSymbols(codec, packed);
        FormatReader texts = new FormatReader(ByteSource.of("the unpacked symbols", plain));
        List<String> symbols = new ArrayList<>();
        long bytesOfAll = 0;
        try {
            for (long i = 0; i < count; i++) {
                byte[] utf8 = texts.bytes(texts.length("length of a symbol"), "symbol");
                bytesOfAll += utf8.length;
                symbols.add(new String(utf8, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw in.corrupt("symbols: " + e.getMessage());
        }
        return new LokiSymbols(symbols, packed, bytesOfAll);
    }

    private byte[] plainSymbols(LokiCodec codec, byte[] packed) throws IOException {
        byte[] plain;
        try (InputStream unpacked = LokiBlockReader.unpacking(() -> codec.unpack(new ByteArrayInputStream(packed)))) {
            plain = LokiBlockReader.unpacking(() -> unpacked.readNBytes(SYMBOLS_BYTES_MAX + 1));
        } catch (LokiBlockReader.UnpackingException e) {
            throw in.corrupt("symbols in %s: %s".formatted(codec.label(), e.getMessage()));
        }
        if (plain.length > SYMBOLS_BYTES_MAX) {
            throw in.corrupt("symbols of over %d bytes".formatted(SYMBOLS_BYTES_MAX));
        }
        return plain;
    }

    private List<LokiBlockMeta> blocks(int version, int firstBlock, int metasOffset, int end) throws IOException {
        int tableLength = end - metasOffset - Integer.BYTES;
        if (tableLength < 0 || metasOffset < firstBlock) {
            throw in.corrupt(
                    "table at %d, blocks begin at %d, the body ends at %d".formatted(metasOffset, firstBlock, end));
        }
        checksum(metasOffset, tableLength, "the table of blocks");
        in.seek(bodyOffset + (long) metasOffset, "the table of blocks");
        long count = in.uvarint("number of blocks");
        if (count < 0 || count > tableLength) {
            throw in.corrupt("%s blocks in a table of %d bytes".formatted(Long.toUnsignedString(count), tableLength));
        }
        List<LokiBlockMeta> blocks = new ArrayList<>();
        int from = firstBlock;
        for (long i = 0; i < count; i++) {
            LokiBlockMeta block = block(version, from, metasOffset);
            blocks.add(block);
            from = block.offset() + block.packedBytes() + Integer.BYTES;
        }
        if (in.position() != bodyOffset + (long) metasOffset + tableLength) {
            throw in.corrupt("the table of %d blocks is of %d bytes".formatted(count, tableLength));
        }
        for (LokiBlockMeta block : checksBlocks ? blocks : List.<LokiBlockMeta>of()) {
            checksum(block.offset(), block.packedBytes(), "a block");
        }
        return blocks;
    }

    /// Blocks lie one after the other, so that no small file has many large ones.
    private LokiBlockMeta block(int version, int from, int limit) throws IOException {
        int entries = number("entries of a block", Integer.MAX_VALUE);
        long minNanos = in.varint("first time of a block");
        long maxNanos = in.varint("last time of a block");
        int offset = number("offset of a block", limit);
        int uncompressed = version < LokiChunkBody.FIRST_WITH_SIZES ? 0 : number("size of a block", Integer.MAX_VALUE);
        int packed = number("length of a block", limit);
        if (offset < from || offset + (long) packed + Integer.BYTES > limit || minNanos > maxNanos) {
            throw in.corrupt("block of %d bytes at %d, of %d to %d: between %d and %d it should lie"
                    .formatted(packed, offset, minNanos, maxNanos, from, limit));
        }
        return new LokiBlockMeta(entries, minNanos, maxNanos, offset, uncompressed, packed);
    }

    private int number(String field, int limit) throws IOException {
        long value = in.uvarint(field);
        if (value < 0 || value > limit) {
            throw in.corrupt("%s is %s, limit %d".formatted(field, Long.toUnsignedString(value), limit));
        }
        return (int) value;
    }

    private void checksum(int offset, int length, String of) throws IOException {
        in.seek(bodyOffset + (long) offset + length, "crc32c of " + of);
        int stored = in.u32("crc32c of " + of);
        int actual = LokiChunk.crc(bytes, bodyOffset + offset, length);
        if (stored != actual) {
            throw in.corrupt("crc32c of %s is %08x, but the data hashes to %08x".formatted(of, stored, actual));
        }
    }
}
