package io.edgeship.block.encoding;

import io.edgeship.block.Utf8Order;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Writes a file's big-endian numbers, varints and checksums, front to back through one small buffer. Nothing that was
/// written is changed, so that the file may be anywhere. Not thread-safe.
public final class FormatWriter implements Closeable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int VARINT_BYTES_MAX = 10;

    private final ByteSink sink;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final CRC32C crc = new CRC32C();
    private int crcFrom = -1; // in the buffer; -1 while nothing is checksummed
    private long flushed;

    /// The writer owns `sink`.
    public FormatWriter(ByteSink sink) {
        this.sink = sink;
    }

    /// Where the next byte goes.
    public long position() {
        return flushed + buffer.position();
    }

    public void u8(int value) throws IOException {
        room(Byte.BYTES).put((byte) value);
    }

    public void u32(long value) throws IOException {
        room(Integer.BYTES).putInt((int) value);
    }

    public void u64(long value) throws IOException {
        room(Long.BYTES).putLong(value);
    }

    public void uvarint(long value) throws IOException {
        room(VARINT_BYTES_MAX);
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            buffer.put((byte) ((rest & 0x7f) | 0x80));
        }
        buffer.put((byte) rest);
    }

    public void varint(long value) throws IOException {
        uvarint((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /// How many bytes [#uvarint] writes.
    public static int uvarintBytes(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    public void bytes(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            ByteBuffer room = room(1);
            int part = Math.min(room.remaining(), bytes.length - at);
            room.put(bytes, at, part);
            at += part;
        }
    }

    /// How many bytes [#text] writes.
    public static long textBytes(String text) {
        long utf8 = Utf8Order.sizeBytes(text);
        return uvarintBytes(utf8) + utf8;
    }

    /// Its length, then UTF-8.
    public void text(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        uvarint(utf8.length);
        bytes(utf8);
    }

    /// Zeroes up to the next multiple of `alignment`.
    public void padTo(int alignment) throws IOException {
        while (position() % alignment != 0) {
            u8(0);
        }
    }

    /// From here on bytes count for [#checksum].
    public void beginChecksum() {
        crc.reset();
        crcFrom = buffer.position();
    }

    /// Ends what [#beginChecksum] began with its CRC32C.
    public void checksum() throws IOException {
        digest();
        crcFrom = -1;
        u32(crc.getValue());
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void digest() {
        if (crcFrom >= 0) {
            crc.update(buffer.array(), crcFrom, buffer.position() - crcFrom);
            crcFrom = buffer.position();
        }
    }

    private void flush() throws IOException {
        digest();
        sink.write(buffer.array(), 0, buffer.position());
        flushed += buffer.position();
        buffer.clear();
        crcFrom = crcFrom >= 0 ? 0 : -1;
    }

    /// Ends the file and makes it durable.
    public void finish() throws IOException {
        flush();
        sink.finish();
    }

    /// Gives the file up unless it was finished.
    @Override
    public void close() throws IOException {
        sink.close();
    }
}
