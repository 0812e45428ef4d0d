package io.edgeship.block.loki;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing array of big-endian numbers, varints and texts. Not thread-safe.
final class IndexBytes {
    private static final int FIRST_BYTES = 4096;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void u8(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.multiplyExact(size, 2));
        }
        bytes[size++] = (byte) value;
    }

    void u32(long value) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            u8((int) (value >>> shift));
        }
    }

    void u64(long value) {
        u32(value >>> Integer.SIZE);
        u32(value);
    }

    void uvarint(long value) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            u8((int) (rest & 0x7f) | 0x80);
        }
        u8((int) rest);
    }

    void varint(long value) {
        uvarint((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        uvarint(utf8.length);
        append(utf8);
    }

    void append(byte[] other) {
        for (byte b : other) {
            u8(b);
        }
    }

    void padTo(int alignment) {
        while (size % alignment != 0) {
            u8(0);
        }
    }

    /// The crc32c of all bytes from `from` on.
    void checksum(int from) {
        u32(LokiChunk.crc(bytes, from, size - from));
    }

    /// `content` behind its length and before its crc32c.
    void section(IndexBytes content) {
        byte[] whole = content.toBytes();
        u32(whole.length);
        int from = size;
        append(whole);
        checksum(from);
    }
}
