package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.FormatWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// For each label the series that have it, collected while series are written.
final class Postings {
    /// How many times what it holds a list may take.
    static final int GROWTH_MAX = 2;

    private static final int NAME_AND_VALUE = 2;
    private static final int FIRST_CAPACITY = 4;

    private final Refs all = new Refs();

    /// By name and value, in the upper and the lower half. Symbols are numbered in their order, so are the labels.
    private final Map<Long, Refs> lists = new HashMap<>();

    private long[] labels = {};
    private long allAt;

    private static final class Refs {
        private int[] refs = new int[FIRST_CAPACITY];
        private int count;
        private long writtenAt;

        void add(int ref) {
            if (count == refs.length) {
                refs = Arrays.copyOf(refs, GROWTH_MAX * count);
            }
            refs[count++] = ref;
        }

        void write(FormatWriter out) throws IOException {
            out.padTo(Integer.BYTES);
            writtenAt = out.position();
            out.u32(Integer.BYTES + (long) Integer.BYTES * count);
            out.beginChecksum();
            out.u32(count);
            for (int i = 0; i < count; i++) {
                out.u32(refs[i]);
            }
            out.checksum();
            refs = new int[0]; // written: the memory is wanted no longer
        }
    }

    void addToAll(int seriesRef) {
        all.add(seriesRef);
    }

    void add(int nameRef, int valueRef, int seriesRef) {
        lists.computeIfAbsent((long) nameRef << Integer.SIZE | valueRef, _ -> new Refs())
                .add(seriesRef);
    }

    /// Every label in order: the name's symbol in the upper half, the value's in the lower.
    long[] labels() {
        if (labels.length == 0) {
            labels = lists.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        }
        return labels;
    }

    static int nameOf(long label) {
        return (int) (label >>> Integer.SIZE);
    }

    static int valueOf(long label) {
        return (int) label;
    }

    void writeLists(FormatWriter out) throws IOException {
        all.write(out);
        allAt = all.writtenAt;
        for (long label : labels()) {
            list(label).write(out);
        }
    }

    private Refs list(long label) {
        Refs list = lists.get(label);
        if (list == null) {
            throw new IllegalStateException("no such label");
        }
        return list;
    }

    void writeTable(FormatWriter out, SymbolTable symbols) throws IOException {
        out.u32(tableBytes(symbols));
        out.beginChecksum();
        out.u32(1L + labels().length);
        writeRow(out, "", "", allAt);
        for (long label : labels()) {
            writeRow(out, symbols.get(nameOf(label)), symbols.get(valueOf(label)), list(label).writtenAt);
        }
        out.checksum();
    }

    private long tableBytes(SymbolTable symbols) {
        long bytes = Integer.BYTES + rowBytes("", "", allAt);
        for (long label : labels()) {
            bytes += rowBytes(symbols.get(nameOf(label)), symbols.get(valueOf(label)), list(label).writtenAt);
        }
        return bytes;
    }

    private static long rowBytes(String name, String value, long at) {
        return 1 + FormatWriter.textBytes(name) + FormatWriter.textBytes(value) + FormatWriter.uvarintBytes(at);
    }

    private static void writeRow(FormatWriter out, String name, String value, long at) throws IOException {
        out.u8(NAME_AND_VALUE);
        out.text(name);
        out.text(value);
        out.uvarint(at);
    }
}
