package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.FormatReader;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks the series of an index, all or some, in the order of the file. Not thread-safe.
public final class SeriesCursor {
    /// Of one series: more labels than any real one has, so that a hostile count cannot claim memory.
    private static final int LABELS_MAX = 1 << 14;

    /// The least that a chunk takes in a series entry: its two times and its reference.
    private static final int CHUNK_BYTES_MIN = 3;

    private final FormatReader in;
    private final long end;
    private final int version;
    private final Symbols symbols;
    private final @Nullable SeriesRefs wanted;
    private @Nullable SeriesEntry entry;
    private long nextRef; // the least that may come next, where only some are wanted

    /// @param in     of the section of series, and nothing else
    /// @param wanted the series to stop at, null for all
    SeriesCursor(FormatReader in, int version, Symbols symbols, @Nullable SeriesRefs wanted) {
        this.in = in;
        this.end = in.position() + in.remaining();
        this.version = version;
        this.symbols = symbols;
        this.wanted = wanted;
    }

    /// Moves to the next series, verifying its checksum; false after the last.
    public boolean next() throws IOException {
        boolean isThere = wanted == null ? align() : seek(wanted);
        entry = isThere ? read() : null;
        return isThere;
    }

    private boolean seek(SeriesRefs refs) throws IOException {
        long ref = refs.next(nextRef);
        if (ref < 0) {
            return false;
        }
        nextRef = ref + 1;
        seekTo(ref);
        return true;
    }

    /// The series that [#next] moved to.
    public SeriesEntry entry() {
        if (entry == null) {
            throw new IllegalStateException("there is no series here");
        }
        return entry;
    }

    /// Moves to a series by its reference, which must be one that this index gave, verifying its checksum.
    SeriesEntry at(long ref) throws IOException {
        seekTo(ref);
        SeriesEntry found = read();
        entry = found;
        return found;
    }

    private void seekTo(long ref) throws IOException {
        in.seek(version == IndexReader.VERSION_1 ? ref : ref * IndexWriter.SERIES_ALIGNMENT, "series reference");
    }

    /// Skips padding; false at the end of the section.
    private boolean align() throws IOException {
        if (version == IndexReader.VERSION_1) {
            return end - in.position() > Integer.BYTES; // less than an entry: padding before the next section
        }
        int alignment = IndexWriter.SERIES_ALIGNMENT;
        long aligned = (in.position() + alignment - 1) / alignment * alignment;
        if (aligned >= end) {
            return false;
        }
        in.seek(aligned, "series");
        return true;
    }

    private SeriesEntry read() throws IOException {
        long offset = in.position();
        int length = in.length("length of a series");
        long entryEnd = in.position() + length;
        in.beginChecksum();
        long labels = in.uvarint("count of labels");
        if (labels < 0 || labels > Math.min(length, LABELS_MAX)) {
            throw in.corrupt("%s labels in %d bytes".formatted(Long.toUnsignedString(labels), length));
        }
        long[] refs = new long[(int) labels * 2];
        for (int i = 0; i < refs.length; i++) {
            refs[i] = in.uvarint("symbol reference");
            if (!symbols.holds(refs[i])) {
                throw in.corrupt(
                        "symbol reference %s points outside the table".formatted(Long.toUnsignedString(refs[i])));
            }
        }
        List<ChunkMeta> chunks = chunks(length);
        if (in.position() != entryEnd) {
            throw in.corrupt("series ends at %d, its length says %d".formatted(in.position(), entryEnd));
        }
        in.checksum("series");
        boolean byOffset = version == IndexReader.VERSION_1;
        return new SeriesEntry(byOffset ? offset : offset / IndexWriter.SERIES_ALIGNMENT, offset, refs, chunks);
    }

    private List<ChunkMeta> chunks(int length) throws IOException {
        long count = in.uvarint("count of chunks");
        if (count < 0 || count > length / CHUNK_BYTES_MIN) {
            throw in.corrupt("%s chunks in %d bytes".formatted(Long.toUnsignedString(count), length));
        }
        List<ChunkMeta> chunks = new ArrayList<>((int) count);
        long maxTime = 0;
        long ref = 0;
        for (long i = 0; i < count; i++) {
            long minTime = i == 0 ? in.varint("minTime of a chunk") : maxTime + in.uvarint("minTime of a chunk");
            maxTime = minTime + in.uvarint("maxTime of a chunk");
            ref = i == 0 ? in.uvarint("chunk reference") : ref + in.varint("chunk reference");
            chunks.add(new ChunkMeta(minTime, maxTime, ChunkRef.unpack(ref)));
        }
        return chunks;
    }
}
