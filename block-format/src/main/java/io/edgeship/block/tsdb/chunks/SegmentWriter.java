package io.edgeship.block.tsdb.chunks;

import io.edgeship.block.encoding.FormatWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the segment files of a block, a new one where the last is full, cut just where Prometheus cuts. Not
/// thread-safe.
public final class SegmentWriter implements Closeable {
    /// As Prometheus has it.
    public static final long SEGMENT_BYTES_MAX = 512L << 20;

    /// Prometheus reckons with the longest length that a chunk may have.
    private static final int LENGTH_BYTES_MAX = 5;

    private static final int PADDING_BYTES = 3;

    private final Path dir;
    private final long segmentBytesMax;
    private @Nullable FormatWriter segment;
    private int segments;

    /// @param dir `chunks/`, which exists and is empty
    public SegmentWriter(Path dir) {
        this(dir, SEGMENT_BYTES_MAX);
    }

    SegmentWriter(Path dir, long segmentBytesMax) {
        this.dir = dir;
        this.segmentBytesMax = segmentBytesMax;
    }

    /// What a chunk takes in a segment.
    public static long sizeBytes(Chunk chunk) {
        int length = chunk.data().length;
        return FormatWriter.uvarintBytes(length) + Byte.BYTES + length + (long) Integer.BYTES;
    }

    /// Writes the chunks of one series and returns where each lies.
    public List<ChunkRef> write(List<Chunk> chunks) throws IOException {
        List<ChunkRef> refs = new ArrayList<>();
        long reckoned = segment == null ? SegmentReader.HEADER_BYTES : segment.position();
        for (Chunk chunk : chunks) {
            long bytes = LENGTH_BYTES_MAX + Byte.BYTES + chunk.data().length + (long) Integer.BYTES;
            boolean isEmpty = segment == null || segment.position() == SegmentReader.HEADER_BYTES;
            reckoned += bytes;
            if (reckoned > segmentBytesMax && !isEmpty) {
                cut();
                reckoned = SegmentReader.HEADER_BYTES + bytes;
            }
            refs.add(append(segment == null ? cut() : segment, chunk));
        }
        return refs;
    }

    private ChunkRef append(FormatWriter out, Chunk chunk) throws IOException {
        ChunkRef ref = new ChunkRef(segments - 1, out.position());
        out.uvarint(chunk.data().length);
        out.beginChecksum();
        out.u8(chunk.encodingCode());
        out.bytes(chunk.data());
        out.checksum();
        return ref;
    }

    private FormatWriter cut() throws IOException {
        finish();
        FormatWriter next = FormatWriter.create(dir.resolve(new ChunkRef(segments, 0).fileName()));
        segment = next;
        segments++;
        next.u32(SegmentReader.MAGIC);
        next.u8(SegmentReader.VERSION);
        next.bytes(new byte[PADDING_BYTES]);
        return next;
    }

    /// Brings everything to the disk.
    public void finish() throws IOException {
        FormatWriter last = segment;
        if (last != null) {
            last.force();
            last.close();
            segment = null;
        }
    }

    @Override
    public void close() throws IOException {
        if (segment != null) {
            segment.close();
        }
    }
}
