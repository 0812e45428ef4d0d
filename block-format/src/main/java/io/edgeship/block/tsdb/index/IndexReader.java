package io.edgeship.block.tsdb.index;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads an index, front to back or the series of some labels. Memory does not grow with the number of series but for
/// the sets that [#noSeries] makes. Not thread-safe.
public final class IndexReader implements Closeable {
    static final int MAGIC = 0xBAAAD700;
    static final int VERSION_1 = 1;
    static final int VERSION_2 = 2;
    static final int VERSION_3 = 3;
    static final int HEADER_BYTES = 5;

    /// Of the labels of one series, as text; they are held at once.
    private static final int LABELS_CHARS_MAX = FormatReader.WINDOW_BYTES_MAX;

    private final ByteSource source;
    private final int version;
    private final Toc toc;
    private final Symbols symbols;
    private final FormatReader lists; // of postings: they stand in one another's window
    private @Nullable PostingsTable postingsTable; // once it is asked for
    private @Nullable SeriesCursor lookups; // likewise

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
        if (version < VERSION_1 || version > VERSION_3) {
            throw in.unsupported(version, VERSION_3);
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

    /// Which sections the index has, and so who may have written it.
    public IndexDialect dialect() {
        return toc.labelIndices() == toc.postings() ? IndexDialect.SINCE_3_7 : IndexDialect.BEFORE_3_7;
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

    /// Walks the series in the order of the file. Several cursors may walk at once.
    public SeriesCursor cursor() {
        return cursor(null);
    }

    /// Walks the series of a set in the order of the file.
    public SeriesCursor cursor(@Nullable SeriesRefs wanted) {
        return new SeriesCursor(new FormatReader(source, toc.series(), toc.seriesEnd()), version, symbols, wanted);
    }

    /// The series of a reference that this index gave, its checksum verified.
    public SeriesEntry series(long ref) throws IOException {
        SeriesCursor cursor = lookups == null ? cursor() : lookups;
        lookups = cursor;
        return cursor.at(ref);
    }

    /// The table of postings, for looking things up; the first call reads it.
    public PostingsTable postingsTable() throws IOException {
        if (postingsTable == null) {
            postingsTable = PostingsTable.read(source, toc.postingsTable(), toc.end(), version != VERSION_1);
        }
        return postingsTable;
    }

    /// An empty set, for series of this index only.
    public SeriesRefs noSeries() throws CorruptFormatException {
        long unit = version == VERSION_1 ? 1 : IndexWriter.SERIES_ALIGNMENT;
        long places = (toc.seriesEnd() - toc.series()) / unit;
        if (places >= Integer.MAX_VALUE) {
            throw new CorruptFormatException(name(), toc.series(), "%d bytes of series".formatted(places * unit));
        }
        return new SeriesRefs(toc.series() / unit, (toc.seriesEnd() + unit - 1) / unit);
    }

    /// Each series, in the order of the file, its checksum verified.
    public void forEachSeries(SeriesVisitor visitor) throws IOException {
        for (SeriesCursor cursor = cursor(); cursor.next(); ) {
            visitor.series(cursor.entry());
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
}
