package io.edgeship.block.tsdb.chunks;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.Closeable;
import java.io.IOException;

/// Reads chunks of one segment file. Not thread-safe.
public final class SegmentReader implements Closeable {
    static final int MAGIC = 0x85BD40DD;
    static final int VERSION = 1;
    public static final int HEADER_BYTES = 8;

    private final ByteSource source;
    private final FormatReader in;

    private SegmentReader(ByteSource source, FormatReader in) {
        this.source = source;
        this.in = in;
    }

    /// Checks the header. The reader owns `source` once this returns.
    public static SegmentReader open(ByteSource source) throws IOException {
        FormatReader in = new FormatReader(source);
        int magic = in.u32("magic");
        if (magic != MAGIC) {
            throw in.corrupt("magic is %08x, want %08x".formatted(magic, MAGIC));
        }
        int version = in.u8("version");
        if (version != VERSION) {
            throw in.unsupported(version, VERSION);
        }
        return new SegmentReader(source, in);
    }

    public String name() {
        return source.name();
    }

    /// The chunk at `offset`, once its bytes have hashed to its checksum.
    public Chunk read(long offset) throws IOException {
        in.seek(offset, "chunk reference");
        int length = in.length("chunk length");
        in.beginChecksum();
        int encoding = in.u8("encoding");
        byte[] data = in.bytes(length, "chunk");
        in.checksum("chunk");
        return new Chunk(encoding, data);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
