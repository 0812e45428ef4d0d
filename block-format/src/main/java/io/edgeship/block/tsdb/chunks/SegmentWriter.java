package io.edgeship.block.tsdb.chunks;

import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.FormatWriter;
import java.io.Closeable;
import java.io.IOException;
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

    private final Target target;
    private final long segmentBytesMax;
    private @Nullable FormatWriter segment;
    private final List<Segment> finished = new ArrayList<>();
    private int segments;

    /// Where segments go.
    @FunctionalInterface
    public interface Target {
        /// @param fileName `000001` and on
        ByteSink open(String fileName) throws IOException;
    }

    /// A finished segment.
    public record Segment(String fileName, long sizeBytes) {}

    public SegmentWriter(Target target) {
        this(target, SEGMENT_BYTES_MAX);
    }

    SegmentWriter(Target target, long segmentBytesMax) {
        this.target = target;
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

    /// Writes one chunk, and begins a segment where the caller says so, whatever its size: for whoever makes a block
    /// again that another program cut.
    public ChunkRef write(Chunk chunk, boolean startsSegment) throws IOException {
        return append(startsSegment || segment == null ? cut() : segment, chunk);
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
        FormatWriter next = new FormatWriter(target.open(new ChunkRef(segments, 0).fileName()));
        segment = next;
        segments++;
        next.u32(SegmentReader.MAGIC);
        next.u8(SegmentReader.VERSION);
        next.bytes(new byte[PADDING_BYTES]);
        return next;
    }

    /// Makes everything durable.
    ///
    /// @return all segments so far, in order
    public List<Segment> finish() throws IOException {
        FormatWriter last = segment;
        if (last != null) {
            last.finish();
            finished.add(new Segment(new ChunkRef(segments - 1, 0).fileName(), last.position()));
            last.close();
            segment = null;
        }
        return List.copyOf(finished);
    }

    /// Gives up the segment that was not finished.
    @Override
    public void close() throws IOException {
        if (segment != null) {
            segment.close();
        }
    }
}
