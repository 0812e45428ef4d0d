package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The postings offset table, for looking things up. Memory is 8 bytes for every [#SAMPLING]th row, whatever the rows
/// hold; the rows between are read when they are asked for. Not thread-safe.
public final class PostingsTable {
    private static final int SAMPLING = 32;

    /// The least that a row takes: how many strings, two lengths, an offset.
    private static final int ROW_BYTES_MIN = 4;

    private final FormatReader in;
    private final long[] sampledOffsets;
    private final long first;
    private final long end;

    private PostingsTable(FormatReader in, long[] sampledOffsets, long first, long end) {
        this.in = in;
        this.sampledOffsets = sampledOffsets;
        this.first = first;
        this.end = end;
    }

    /// A row, or what is looked for: both texts in UTF-8, whose bytes give the order.
    ///
    /// @param offset of the list of the series that have the label
    private record Row(byte[] name, byte[] value, long offset) {
        static Row of(String name, String value) {
            return new Row(name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), -1);
        }

        int compareTo(Row other) {
            int order = Arrays.compareUnsigned(name, other.name);
            return order == 0 ? Arrays.compareUnsigned(value, other.value) : order;
        }

        /// Whether it has the name of `other`, and a value that begins with its value.
        boolean extendsOn(Row other) {
            int length = other.value.length;
            return Arrays.equals(name, other.name)
                    && value.length >= length
                    && Arrays.equals(value, 0, length, other.value, 0, length);
        }
    }

    /// What [#forEachValue] calls.
    @FunctionalInterface
    public interface ValueVisitor {
        /// @param offset of the list of the series that have the label
        void value(String value, long offset) throws IOException;
    }

    /// What [#forEachName] calls.
    @FunctionalInterface
    public interface NameVisitor {
        void name(String name) throws IOException;
    }

    /// Reads the table once, checking its checksum.
    ///
    /// @param ordered whether rows must be in strict order; if they must not, questions read the whole table
    static PostingsTable read(ByteSource source, long offset, long tableEnd, boolean ordered) throws IOException {
        FormatReader in = new FormatReader(source, offset, tableEnd);
        long end = IndexReader.beginTable(in, "postings offset table");
        long count = Integer.toUnsignedLong(in.u32("count of postings"));
        long first = in.position();
        if (count > (end - first) / ROW_BYTES_MIN) {
            throw in.corrupt("%d postings in %d bytes".formatted(count, end - first));
        }
        long[] sampled = new long[ordered ? (int) ((count + SAMPLING - 1) / SAMPLING) : 0];
        Row before = null;
        for (long i = 0; i < count; i++) {
            if (ordered && i % SAMPLING == 0) {
                sampled[(int) (i / SAMPLING)] = in.position();
            }
            Row row = readRow(in);
            if (ordered && before != null && before.compareTo(row) >= 0) {
                throw in.corrupt("the postings offset table is out of order");
            }
            before = row;
        }
        if (in.position() != end) {
            throw in.corrupt("postings offset table ends at %d, its length says %d".formatted(in.position(), end));
        }
        in.checksum("postings offset table");
        return new PostingsTable(in, sampled, first, end);
    }

    private static Row readRow(FormatReader in) throws IOException {
        int strings = in.u8("strings of an entry");
        if (strings != 2) {
            throw in.corrupt("an entry of %d strings, want 2".formatted(strings));
        }
        byte[] name = in.bytes(in.length("length of a label name"), "label name");
        byte[] value = in.bytes(in.length("length of a label value"), "label value");
        return new Row(name, value, in.uvarint("postings offset"));
    }

    /// The offset of the list of the series that have the label, -1 if none has. Empty name and value stand for all
    /// series.
    public long find(String name, String value) throws IOException {
        Row wanted = Row.of(name, value);
        for (Row row = seek(wanted); row != null; row = next()) {
            int order = row.compareTo(wanted);
            if (order == 0) {
                return row.offset();
            }
            if (order > 0 && isOrdered()) {
                break;
            }
        }
        return -1;
    }

    /// Each value of a label that begins with `prefix`, in order (version 1: of the file). `visitor` must not ask this
    /// table for more.
    public void forEachValue(String name, String prefix, ValueVisitor visitor) throws IOException {
        Row wanted = Row.of(name, prefix);
        for (Row row = seek(wanted); row != null; row = next()) {
            if (row.extendsOn(wanted)) {
                visitor.value(new String(row.value(), StandardCharsets.UTF_8), row.offset());
            } else if (isOrdered() && row.compareTo(wanted) > 0) {
                return;
            }
        }
    }

    /// Each label name that is not empty once, in order; in version 1 once for each run of its rows. `visitor` must
    /// not ask this table for more.
    public void forEachName(NameVisitor visitor) throws IOException {
        byte[] last = {};
        in.seek(first, "postings offset table");
        for (Row row = next(); row != null; row = next()) {
            if (!Arrays.equals(row.name(), last)) {
                last = row.name();
                visitor.name(new String(last, StandardCharsets.UTF_8));
            }
        }
    }

    private boolean isOrdered() {
        return sampledOffsets.length > 0;
    }

    /// The first row that may be the one looked for, or come after it.
    private @Nullable Row seek(Row wanted) throws IOException {
        int low = 0;
        int high = sampledOffsets.length - 1;
        while (low < high) { // to the last sampled row that is not beyond
            int middle = (low + high + 1) >>> 1;
            in.seek(sampledOffsets[middle], "postings offset table");
            if (readRow(in).compareTo(wanted) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        in.seek(isOrdered() ? sampledOffsets[low] : first, "postings offset table");
        return next();
    }

    private @Nullable Row next() throws IOException {
        return in.position() < end ? readRow(in) : null;
    }
}
