package io.edgeship.block.tsdb.index;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.ByteSink;
import io.edgeship.block.encoding.FormatWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a version 2 index, front to back: all symbols first, then the series as they come. In memory are the symbols
/// and the postings ([#memoryBytesMax]). Not thread-safe.
public final class IndexWriter implements Closeable {
    static final int SERIES_ALIGNMENT = 16;
    private static final long SERIES_REF_MAX = 0xffff_ffffL;
    private static final int VERSION = 2;

    private static final int BYTES_PER_SYMBOL = 160;
    private static final int BYTES_PER_LABEL = 120;

    private final FormatWriter out;
    private final IndexDialect dialect;
    private final SymbolTable symbols;
    private final Postings postings = new Postings();
    private final long symbolsAt;
    private final long seriesAt;
    private int @Nullable [] last;
    private int series;
    private long seriesBytesMax;

    private IndexWriter(FormatWriter out, IndexDialect dialect, SymbolTable symbols) throws IOException {
        this.out = out;
        this.dialect = dialect;
        this.symbols = symbols;
        out.u32(IndexReader.MAGIC);
        out.u8(VERSION);
        symbolsAt = out.position();
        writeSymbols();
        seriesAt = out.position();
    }

    /// Begins an index; the writer owns `sink`.
    ///
    /// @param symbols of every series to come; more do no harm
    public static IndexWriter create(ByteSink sink, IndexDialect dialect, SymbolTable symbols) throws IOException {
        FormatWriter out = new FormatWriter(sink);
        try {
            return new IndexWriter(out, dialect, symbols);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /// What writing takes at most, measured with Java's compact strings and references.
    ///
    /// @param symbolBytes    of all symbols in UTF-8
    /// @param symbols        how many
    /// @param labels         different pairs of name and value
    /// @param labelsOfSeries the sum of each series' number of labels
    public static long memoryBytesMax(long symbolBytes, long symbols, long labels, long series, long labelsOfSeries) {
        long lists = Postings.GROWTH_MAX * Integer.BYTES * (series + labelsOfSeries);
        return 2 * symbolBytes + BYTES_PER_SYMBOL * symbols + BYTES_PER_LABEL * labels + lists;
    }

    /// What a series takes in the section of series, padding included.
    ///
    /// @param symbols references of label names and values in turn
    public static long seriesBytes(long[] symbols, List<ChunkMeta> chunks) {
        long body = FormatWriter.uvarintBytes(symbols.length / 2) + new ChunkList(chunks).sizeBytes();
        for (long ref : symbols) {
            body += FormatWriter.uvarintBytes(ref);
        }
        long bytes = FormatWriter.uvarintBytes(body) + body + Integer.BYTES;
        return (bytes + SERIES_ALIGNMENT - 1) / SERIES_ALIGNMENT * SERIES_ALIGNMENT;
    }

    private void writeSymbols() throws IOException {
        out.u32(symbols.sectionBytes());
        out.beginChecksum();
        out.u32(symbols.size());
        for (int i = 0; i < symbols.size(); i++) {
            out.text(symbols.get(i));
        }
        out.checksum();
    }

    /// Adds a series.
    ///
    /// @param chunks in the order of time
    /// @throws IllegalArgumentException if it does not come after the one before, or has an unknown symbol
    public void series(LabelSet labels, List<ChunkMeta> chunks) throws IOException {
        series(symbols.numbersOf(labels), chunks);
    }

    /// As the other, with the symbols' numbers of names and values in turn.
    public void series(int[] labels, List<ChunkMeta> chunks) throws IOException {
        if (last != null && Arrays.compare(last, labels) >= 0) {
            throw new IllegalArgumentException(symbols.labels(labels) + " comes after " + symbols.labels(last));
        }
        out.padTo(SERIES_ALIGNMENT);
        long ref = out.position() / SERIES_ALIGNMENT;
        if (ref > SERIES_REF_MAX) {
            throw new IOException("more than 64 GiB of series in one index");
        }
        long begin = out.position();
        ChunkList list = new ChunkList(chunks);
        out.uvarint(bodyBytes(labels, list));
        out.beginChecksum();
        out.uvarint(labels.length / 2);
        for (int i = 0; i < labels.length; i += 2) {
            out.uvarint(labels[i]);
            out.uvarint(labels[i + 1]);
            postings.add(labels[i], labels[i + 1], (int) ref);
        }
        list.write(out);
        out.checksum();
        postings.addToAll((int) ref);
        last = labels;
        series++;
        seriesBytesMax = Math.max(seriesBytesMax, out.position() - begin);
    }

    private static long bodyBytes(int[] labels, ChunkList chunks) {
        long bytes = FormatWriter.uvarintBytes(labels.length / 2) + chunks.sizeBytes();
        for (int ref : labels) {
            bytes += FormatWriter.uvarintBytes(ref);
        }
        return bytes;
    }

    /// How many bytes were written so far; all of them after [#finish].
    public long sizeBytes() {
        return out.position();
    }

    /// How many series were added.
    public int seriesCount() {
        return series;
    }

    /// Of the largest series entry.
    public long seriesBytesMax() {
        return seriesBytesMax;
    }

    /// Writes what comes after the series, and makes the file durable.
    public void finish() throws IOException {
        long labelIndicesAt = out.position();
        LabelIndices labelIndices = new LabelIndices(out, symbols);
        if (dialect == IndexDialect.BEFORE_3_7) {
            labelIndices.write(postings);
        }
        long postingsAt = out.position();
        postings.writeLists(out);
        long labelTableAt = out.position();
        if (dialect == IndexDialect.BEFORE_3_7) {
            labelIndices.writeTable();
        }
        long postingsTableAt = out.position();
        postings.writeTable(out, symbols);
        out.beginChecksum();
        boolean withIndices = dialect == IndexDialect.BEFORE_3_7;
        out.u64(symbolsAt);
        out.u64(seriesAt);
        out.u64(withIndices ? labelIndicesAt : postingsAt);
        out.u64(withIndices ? labelTableAt : postingsTableAt);
        out.u64(postingsAt);
        out.u64(postingsTableAt);
        out.checksum();
        out.finish();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
