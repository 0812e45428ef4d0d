package io.edgeship.block.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Collects the big-endian numbers, varints and checksums that block files are made of.
final class ByteSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    int size() {
        return out.size();
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    ByteSink u8(int value) {
        out.write(value);
        return this;
    }

    ByteSink u32(long value) {
        return bigEndian(value, Integer.BYTES);
    }

    ByteSink u64(long value) {
        return bigEndian(value, Long.BYTES);
    }

    ByteSink uvarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    ByteSink varint(long value) {
        return uvarint((value << 1) ^ (value >> 63));
    }

    ByteSink bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    ByteSink text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return uvarint(utf8.length).bytes(utf8);
    }

    ByteSink padTo(int alignment) {
        while (out.size() % alignment != 0) {
            out.write(0);
        }
        return this;
    }

    /// `body` and the checksum of it.
    ByteSink checked(ByteSink body) {
        return bytes(body.toByteArray()).u32(crc32c(body.toByteArray()));
    }

    static long crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private ByteSink bigEndian(long value, int bytes) {
        for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
        return this;
    }
}
