package io.edgeship.block.tsdb.chunks;

/// Where a chunk lies in a block.
///
/// @param segment zero-based: 0 is the file `000001`
/// @param offset  of the chunk's length in that file, an unsigned 32-bit number
public record ChunkRef(int segment, long offset) {
    public static ChunkRef unpack(long packed) {
        return new ChunkRef((int) (packed >>> Integer.SIZE), packed & 0xFFFF_FFFFL);
    }

    public String fileName() {
        return "%06d".formatted(Integer.toUnsignedLong(segment) + 1);
    }
}
