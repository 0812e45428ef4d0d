package io.edgeship.block.tsdb.index;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import io.edgeship.block.tsdb.chunks.ChunkRef;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads an index, version 1 or 2, front to back. Memory does not grow with the number of series. Not thread-safe.
public final class IndexReader implements Closeable {
    static final int MAGIC = 0xBAAAD700;
    static final int VERSION_1 = 1;
    static final int VERSION_2 = 2;
    static final int HEADER_BYTES = 5;

    private static final int ALIGNMENT = 16;

    /// Of one series: more labels than any real one has, so that a hostile count cannot claim memory.
    private static final int LABELS_MAX = 1 << 14;

    /// Of the labels of one series, as text; they are held at once.
    private static final int LABELS_CHARS_MAX = FormatReader.WINDOW_BYTES_MAX;

    /// The least that a chunk takes in a series entry: its two times and its reference.
    private static final int CHUNK_BYTES_MIN = 3;

    private final ByteSource source;
    private final int version;
    private final Toc toc;
    private final Symbols symbols;
    private final FormatReader lists; // of postings: they stand in one another's window

    private IndexReader(ByteSource source, int version, Toc toc, Symbols symbols) {
        this.source = source;
        this.version = version;
        this.toc = toc;
        this.symbols = symbols;
        this.lists = new FormatReader(source);
    }

    /// What [#forEachSeries] calls.
    @FunctionalInterface
    public interface SeriesVisitor {
        void series(SeriesEntry series) throws IOException;
    }

    /// What [#forEachPostings] calls.
    @FunctionalInterface
    public interface PostingsVisitor {
        /// @param offset of the list of the series that have the label
        void postings(String name, String value, long offset) throws IOException;
    }

    /// What [#postings] calls, with a series reference.
    @FunctionalInterface
    public interface RefVisitor {
        void ref(long seriesRef) throws IOException;
    }

    /// Checks header, table of contents and symbols. The reader owns `source` once this returns.
    public static IndexReader open(ByteSource source) throws IOException {
        FormatReader in = new FormatReader(source);
        int magic = in.u32("magic");
        if (magic != MAGIC) {
            throw in.corrupt("magic is %08x, want %08x".formatted(magic, MAGIC));
        }
        int version = in.u8("version");
        if (version != VERSION_1 && version != VERSION_2) {
            throw in.unsupported(version, VERSION_2);
        }
        Toc toc = Toc.read(source);
        return new IndexReader(source, version, toc, Symbols.read(source, version, toc.symbols()));
    }

    public String name() {
        return source.name();
    }

    public int version() {
        return version;
    }

    public long sizeBytes() {
        return source.size();
    }

    public Symbols symbols() {
        return symbols;
    }

    /// The labels of a series, as text.
    public LabelSet labels(SeriesEntry series) throws IOException {
        String[] texts = new String[series.symbols().length];
        long chars = 0;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = symbols.get(series.symbols()[i]);
            chars += texts[i].length();
            if (chars > LABELS_CHARS_MAX) {
                String problem = "labels of a series are longer than %d characters".formatted(LABELS_CHARS_MAX);
                throw new CorruptFormatException(name(), series.offset(), problem);
            }
        }
        return LabelSet.ofSorted(texts);
    }

    /// Each series, in the order of the file, its checksum verified.
    public void forEachSeries(SeriesVisitor visitor) throws IOException {
        long end = toc.seriesEnd();
        FormatReader in = new FormatReader(source, toc.series(), end);
        while (align(in, end)) {
            visitor.series(entry(in));
        }
    }

    /// Where the postings offset table begins.
    public long postingsTableOffset() {
        return toc.postingsTable();
    }

    /// Each label of the postings offset table, in the order of the file. The empty name and value stand for all
    /// series.
    public void forEachPostings(PostingsVisitor visitor) throws IOException {
        FormatReader in = new FormatReader(source, toc.postingsTable(), toc.end());
        long end = beginTable(in, "postings offset table");
        long count = Integer.toUnsignedLong(in.u32("count of postings"));
        for (long i = 0; i < count && in.position() < end; i++) {
            int strings = in.u8("strings of an entry");
            if (strings != 2) {
                throw in.corrupt("an entry of %d strings, want 2".formatted(strings));
            }
            visitor.postings(text(in, "label name"), text(in, "label value"), in.uvarint("postings offset"));
        }
        if (in.position() != end) {
            throw in.corrupt("postings offset table ends at %d, its length says %d".formatted(in.position(), end));
        }
        in.checksum("postings offset table");
    }

    /// Each series reference of the list at `offset`, its checksum verified at the end. `visitor` must not ask
    /// for another list.
    public void postings(long offset, RefVisitor visitor) throws IOException {
        FormatReader in = lists;
        in.seek(offset, "postings offset");
        long end = beginTable(in, "postings");
        long count = Integer.toUnsignedLong(in.u32("count of postings"));
        if (in.position() + count * Integer.BYTES != end) {
            throw in.corrupt("%d postings in %d bytes".formatted(count, end - in.position()));
        }
        for (long i = 0; i < count; i++) {
            visitor.ref(Integer.toUnsignedLong(in.u32("posting")));
        }
        in.checksum("postings");
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /// Begins a section that is a length, what the checksum covers, and the checksum; returns where that stands.
    static long beginTable(FormatReader in, String table) throws IOException {
        long length = Integer.toUnsignedLong(in.u32("length of " + table));
        if (length < Integer.BYTES || length > in.remaining() - Integer.BYTES) {
            throw in.corrupt("length of %s is %d, %d bytes left".formatted(table, length, in.remaining()));
        }
        in.beginChecksum();
        return in.position() + length;
    }

    private static String text(FormatReader in, String field) throws IOException {
        return new String(in.bytes(in.length("length of a " + field), field), StandardCharsets.UTF_8);
    }

    /// Skips padding; false at the end of the section.
    private boolean align(FormatReader in, long end) throws IOException {
        if (version == VERSION_1) {
            return end - in.position() > Integer.BYTES; // less than an entry: padding before the next section
        }
        long aligned = (in.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (aligned >= end) {
            return false;
        }
        in.seek(aligned, "series");
        return true;
    }

    private SeriesEntry entry(FormatReader in) throws IOException {
        long offset = in.position();
        int length = in.length("length of a series");
        long end = in.position() + length;
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
        List<ChunkMeta> chunks = chunks(in, length);
        if (in.position() != end) {
            throw in.corrupt("series ends at %d, its length says %d".formatted(in.position(), end));
        }
        in.checksum("series");
        return new SeriesEntry(version == VERSION_1 ? offset : offset / ALIGNMENT, offset, refs, chunks);
    }

    private static List<ChunkMeta> chunks(FormatReader in, int length) throws IOException {
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
