package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.FormatWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The sections that only Prometheus before 3.7 wrote, and that nobody reads: for each label name its values.
final class LabelIndices {
    private final FormatWriter out;
    private final SymbolTable symbols;
    private final Map<String, Long> writtenAt = new LinkedHashMap<>();

    LabelIndices(FormatWriter out, SymbolTable symbols) {
        this.out = out;
        this.symbols = symbols;
    }

    void write(Postings postings) throws IOException {
        long[] labels = postings.labels();
        for (int from = 0; from < labels.length; ) {
            int to = from;
            while (to < labels.length && Postings.nameOf(labels[to]) == Postings.nameOf(labels[from])) {
                to++;
            }
            write(labels, from, to);
            from = to;
        }
    }

    private void write(long[] labels, int from, int to) throws IOException {
        out.padTo(Integer.BYTES);
        writtenAt.put(symbols.get(Postings.nameOf(labels[from])), out.position());
        int values = to - from;
        out.u32(2L * Integer.BYTES + (long) Integer.BYTES * values);
        out.beginChecksum();
        out.u32(1); // names
        out.u32(values);
        for (int i = from; i < to; i++) {
            out.u32(Postings.valueOf(labels[i]));
        }
        out.checksum();
    }

    void writeTable() throws IOException {
        out.u32(tableBytes());
        out.beginChecksum();
        out.u32(writtenAt.size());
        for (Map.Entry<String, Long> name : writtenAt.entrySet()) {
            out.uvarint(1); // names
            out.text(name.getKey());
            out.uvarint(name.getValue());
        }
        out.checksum();
    }

    private long tableBytes() {
        long bytes = Integer.BYTES;
        for (Map.Entry<String, Long> name : writtenAt.entrySet()) {
            bytes += 1 + FormatWriter.textBytes(name.getKey()) + FormatWriter.uvarintBytes(name.getValue());
        }
        return bytes;
    }
}
