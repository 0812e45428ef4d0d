package io.edgeship.block.tsdb.tombstones;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.util.function.Consumer;

/// Reads a `tombstones` file. Stateless.
public final class TombstonesReader {
    static final int MAGIC = 0x0130BA30;
    static final int VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;

    private TombstonesReader() {}

    public static void forEach(ByteSource source, Consumer<Tombstone> visitor) throws IOException {
        FormatReader in = new FormatReader(source);
        int magic = in.u32("magic");
        if (magic != MAGIC) {
            throw in.corrupt("magic is %08x, want %08x".formatted(magic, MAGIC));
        }
        int version = in.u8("version");
        if (version != VERSION) {
            throw in.unsupported(version, VERSION);
        }
        in.beginChecksum();
        while (in.remaining() > CHECKSUM_BYTES) {
            visitor.accept(new Tombstone(in.uvarint("series"), in.varint("minTime"), in.varint("maxTime")));
        }
        in.checksum("tombstones");
    }
}
