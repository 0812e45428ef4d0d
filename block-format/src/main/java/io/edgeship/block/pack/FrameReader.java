package io.edgeship.block.pack;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.util.Arrays;

/// Reads the stream of one kind of frame, stepping over those of others. No byte of a frame is used before its
/// checksum was right. Not thread-safe; does not own the source.
final class FrameReader {
    private final FormatReader in;
    private final FrameKind kind;
    private byte[] payload = {};
    private int at;
    private int filled;
    private boolean ended;

    /// Checks how the pack begins.
    FrameReader(ByteSource pack, FrameKind kind) throws IOException {
        in = new FormatReader(pack);
        this.kind = kind;
        int magic = in.u32("magic");
        if (magic != FrameWriter.MAGIC) {
            throw in.corrupt("magic is %08x, want %08x".formatted(magic, FrameWriter.MAGIC));
        }
        int version = in.u8("version");
        if (version != FrameWriter.VERSION) {
            throw in.unsupported(version, FrameWriter.VERSION);
        }
    }

    /// The next byte, or -1 behind the last.
    int read() throws IOException {
        if (at == filled && !fill()) {
            return -1;
        }
        return Byte.toUnsignedInt(payload[at++]);
    }

    void read(byte[] target, int from, int length) throws IOException {
        for (int done = 0; done < length; ) {
            if (at == filled && !fill()) {
                throw corrupt("the %s end early".formatted(kind));
            }
            int part = Math.min(length - done, filled - at);
            System.arraycopy(payload, at, target, from + done, part);
            at += part;
            done += part;
        }
    }

    /// A varint of at most `max`.
    int number(String field, int max) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int b = read();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0 || value > max) {
                break;
            }
            if (b < 0x80) {
                return (int) value;
            }
        }
        throw corrupt("%s is missing or more than %d".formatted(field, max));
    }

    /// Everything, of a stream that has one frame.
    byte[] onlyFrame(int bytesMax) throws IOException {
        if (!fill() || filled > bytesMax) {
            throw corrupt("no %s, or one of more than %d bytes".formatted(kind, bytesMax));
        }
        byte[] all = Arrays.copyOf(payload, filled);
        at = filled;
        requireEnd();
        return all;
    }

    /// That nothing is left of this stream, and nothing stands behind the end.
    void requireEnd() throws IOException {
        if (at < filled || fill()) {
            throw corrupt("more %s than are used".formatted(kind));
        }
    }

    CorruptFormatException corrupt(String problem) {
        return in.corrupt(problem);
    }

    private boolean fill() throws IOException {
        while (!ended) {
            in.beginChecksum();
            FrameKind next = FrameKind.of(in.u8("kind of frame"));
            if (next == null) {
                throw in.corrupt("an unknown kind of frame");
            }
            int length = in.length("length of a frame");
            if (next == FrameKind.END) {
                end(length);
            } else if (next != kind) {
                in.seek(in.position() + length + Integer.BYTES, "frame");
            } else if (load(length)) {
                return true;
            }
        }
        return false;
    }

    private void end(int length) throws IOException {
        if (length != 0) {
            throw in.corrupt("an end of %d bytes".formatted(length));
        }
        in.checksum("end");
        if (in.hasRemaining()) {
            throw in.corrupt("%d bytes behind the end".formatted(in.remaining()));
        }
        ended = true;
    }

    private boolean load(int length) throws IOException {
        if (!kind.isCompressed()) {
            payload = in.bytes(length, kind + " frame");
            in.checksum("frame");
            filled = payload.length;
        } else {
            long begin = in.position();
            long declared = in.uvarint("size of a payload");
            if (declared < 0 || declared > FrameWriter.PAYLOAD_BYTES_MAX) {
                throw in.corrupt("a payload of %d bytes, limit %d".formatted(declared, FrameWriter.PAYLOAD_BYTES_MAX));
            }
            int size = (int) declared;
            int rest = length - (int) (in.position() - begin);
            if (rest < 0) {
                throw in.corrupt("a frame of %d bytes".formatted(length));
            }
            byte[] compressed = in.bytes(rest, kind + " frame");
            in.checksum("frame");
            filled = decompress(compressed, size);
        }
        at = 0;
        return filled > 0;
    }

    private int decompress(byte[] compressed, int size) throws CorruptFormatException {
        if (payload.length < size) {
            payload = new byte[size];
        }
        try {
            int got = new ZstdJavaDecompressor().decompress(compressed, 0, compressed.length, payload, 0, size);
            if (got == size) {
                return got;
            }
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw in.corrupt("a frame is no zstd: " + e.getMessage());
        }
        throw in.corrupt("a payload that is not of %d bytes".formatted(size));
    }
}
