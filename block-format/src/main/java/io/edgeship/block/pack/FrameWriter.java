package io.edgeship.block.pack;

import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.FormatWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/// Writes a pack, frame by frame, front to back. Not thread-safe.
final class FrameWriter implements Closeable {
    static final int MAGIC = 0xED6E9AC4;
    static final int VERSION = 1;

    /// Of a payload before it is compressed.
    static final int PAYLOAD_BYTES_MAX = 1 << 20;

    private static final int COLUMNS_BYTES_MAX = 64 << 10;
    private static final int FIRST_BYTES = 4096;

    private final FormatWriter out;
    private final ZstdJavaCompressor zstd = new ZstdJavaCompressor(); // by its name: the factory takes a native one
    private byte[] compressed = {};

    FrameWriter(ByteSink sink) throws IOException {
        out = new FormatWriter(sink);
        out.u32(MAGIC);
        out.u8(VERSION);
    }

    /// A stream of payloads. Several may be open; their frames lie between one another.
    Stream stream(FrameKind kind) {
        return new Stream(kind);
    }

    long sizeBytes() {
        return out.position();
    }

    void frame(FrameKind kind, byte[] payload, int length) throws IOException {
        out.beginChecksum();
        out.u8(kind.code);
        if (!kind.isCompressed()) {
            out.uvarint(length);
            out.bytes(Arrays.copyOf(payload, length));
        } else {
            int bound = zstd.maxCompressedLength(length);
            if (compressed.length < bound) {
                compressed = new byte[bound];
            }
            int size = zstd.compress(payload, 0, length, compressed, 0, compressed.length);
            out.uvarint(FormatWriter.uvarintBytes(length) + (long) size);
            out.uvarint(length);
            out.bytes(Arrays.copyOf(compressed, size));
        }
        out.checksum();
    }

    /// Says that the pack ends here, and makes it durable.
    void finish() throws IOException {
        frame(FrameKind.END, new byte[0], 0);
        out.finish();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /// Bytes of one kind, gathered into frames.
    final class Stream {
        private final FrameKind kind;
        private final int payloadBytes;
        private byte[] buffer = new byte[FIRST_BYTES];
        private int filled;
        private long written;

        private Stream(FrameKind kind) {
            this.kind = kind;
            payloadBytes = kind.isCompressed() ? PAYLOAD_BYTES_MAX : COLUMNS_BYTES_MAX;
        }

        void write(int b) throws IOException {
            room(1);
            buffer[filled++] = (byte) b;
        }

        void write(byte[] bytes, int at, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int part = Math.min(length - done, room(length - done));
                System.arraycopy(bytes, at + done, buffer, filled, part);
                filled += part;
                done += part;
            }
        }

        void uvarint(long value) throws IOException {
            long rest = value;
            for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
                write((int) (rest & 0x7f) | 0x80);
            }
            write((int) rest);
        }

        /// Bytes that were given to this stream.
        long size() {
            return written + filled;
        }

        private int room(int wanted) throws IOException {
            if (filled == payloadBytes) {
                end();
            }
            int size = Math.min(payloadBytes, filled + wanted);
            if (buffer.length < size) {
                buffer = Arrays.copyOf(buffer, Math.min(payloadBytes, Math.max(size, 2 * buffer.length)));
            }
            return buffer.length - filled;
        }

        /// Writes what was gathered.
        void end() throws IOException {
            if (filled > 0) {
                frame(kind, buffer, filled);
                written += filled;
                filled = 0;
            }
        }
    }
}
