package io.edgeship.block.loki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyFramedInputStream;

/// Snappy's framing format: of its lengths the library takes each on trust, and makes room outside the heap for it.
final class SnappyFrames {
    /// What a frame holds at most, by the format.
    private static final int PLAIN_BYTES_MAX = 1 << 16;

    private static final int HEAD_BYTES = 4;
    private static final int CRC_BYTES = 4;
    private static final int FRAME_BYTES_MAX = CRC_BYTES + Snappy.maxCompressedLength(PLAIN_BYTES_MAX);
    private static final int COMPRESSED = 0;

    private SnappyFrames() {}

    /// The bytes behind the frames.
    ///
    /// @throws IOException naming the offset of a frame that is larger than the format allows; bytes that break
    ///                     another rule may be found at a read only
    static InputStream open(byte[] framed) throws IOException {
        for (int at = 0; at + HEAD_BYTES <= framed.length; ) {
            int length = u8(framed, at + 1) | u8(framed, at + 2) << 8 | u8(framed, at + 3) << 16;
            long plain = framed[at] == COMPRESSED ? plainBytes(framed, at + HEAD_BYTES + CRC_BYTES) : 0;
            if (length > FRAME_BYTES_MAX || plain > PLAIN_BYTES_MAX) {
                throw new IOException("frame at %d is of %d bytes, %d unpacked".formatted(at, length, plain));
            }
            at += HEAD_BYTES + length;
        }
        return new SnappyFramedInputStream(new ByteArrayInputStream(framed));
    }

    /// The length that begins what is compressed; as much of it as is there.
    private static long plainBytes(byte[] framed, int from) {
        long value = 0;
        for (int i = 0; i < 5 && from + i < framed.length; i++) {
            value |= (u8(framed, from + i) & 0x7fL) << (7 * i);
            if (framed[from + i] >= 0) {
                break;
            }
        }
        return value;
    }

    private static int u8(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]);
    }
}
