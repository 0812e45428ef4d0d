package io.edgeship.block.tsdb.index;

import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.FormatWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final List<String> symbols = new ArrayList<>();
    private final Map<String, Integer> symbolRefs = new HashMap<>();
    private final Postings postings = new Postings();
    private final long symbolsAt;
    private final long seriesAt;
    private @Nullable LabelSet last;
    private int series;
    private long seriesBytesMax;

    private IndexWriter(FormatWriter out, IndexDialect dialect, Collection<String> sortedSymbols) throws IOException {
        this.out = out;
        this.dialect = dialect;
        out.u32(IndexReader.MAGIC);
        out.u8(VERSION);
        symbolsAt = out.position();
        writeSymbols(sortedSymbols);
        seriesAt = out.position();
    }

    /// @param sortedSymbols every label name and value, in the order of their UTF-8 bytes; more do no harm
    /// @throws IllegalArgumentException if they are out of order
    public static IndexWriter create(Path file, IndexDialect dialect, Collection<String> sortedSymbols)
            throws IOException {
        FormatWriter out = FormatWriter.create(file);
        try {
            return new IndexWriter(out, dialect, sortedSymbols);
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

    private void writeSymbols(Collection<String> sorted) throws IOException {
        out.u32(0); // the length, once it is known
        out.beginChecksum();
        out.u32(sorted.size());
        String before = null;
        for (String symbol : sorted) {
            if (before != null && Utf8Order.compare(before, symbol) >= 0) {
                throw new IllegalArgumentException("symbol '" + symbol + "' comes after '" + before + "'");
            }
            symbolRefs.put(symbol, symbols.size());
            symbols.add(symbol);
            out.text(symbol);
            before = symbol;
        }
        long length = out.position() - symbolsAt - Integer.BYTES;
        out.checksum();
        out.patchU32(symbolsAt, length);
    }

    /// Adds a series.
    ///
    /// @param chunks in the order of time
    /// @throws IllegalArgumentException if it does not come after the one before, or has an unknown symbol
    public void series(LabelSet labels, List<ChunkMeta> chunks) throws IOException {
        if (last != null && last.compareTo(labels) >= 0) {
            throw new IllegalArgumentException(labels + " comes after " + last);
        }
        out.padTo(SERIES_ALIGNMENT);
        long ref = out.position() / SERIES_ALIGNMENT;
        if (ref > SERIES_REF_MAX) {
            throw new IOException("more than 64 GiB of series in one index");
        }
        List<Integer> pairs = pairs(labels);
        long begin = out.position();
        out.uvarint(bodyBytes(pairs, chunks));
        out.beginChecksum();
        out.uvarint(labels.size());
        for (int i = 0; i < pairs.size(); i += 2) {
            out.uvarint(pairs.get(i));
            out.uvarint(pairs.get(i + 1));
            postings.add(pairs.get(i), pairs.get(i + 1), (int) ref);
        }
        new ChunkList(chunks).write(out);
        out.checksum();
        postings.addToAll((int) ref);
        last = labels;
        series++;
        seriesBytesMax = Math.max(seriesBytesMax, out.position() - begin);
    }

    private List<Integer> pairs(LabelSet labels) {
        List<Integer> pairs = new ArrayList<>();
        labels.forEach((name, value) -> {
            pairs.add(refOf(name));
            pairs.add(refOf(value));
        });
        return pairs;
    }

    private int refOf(String symbol) {
        Integer ref = symbolRefs.get(symbol);
        if (ref == null) {
            throw new IllegalArgumentException("symbol '" + symbol + "' was not given");
        }
        return ref;
    }

    private static long bodyBytes(List<Integer> pairs, List<ChunkMeta> chunks) {
        long bytes = FormatWriter.uvarintBytes(pairs.size() / 2) + new ChunkList(chunks).sizeBytes();
        for (int ref : pairs) {
            bytes += FormatWriter.uvarintBytes(ref);
        }
        return bytes;
    }

    /// How many series were added.
    public int seriesCount() {
        return series;
    }

    /// Of the largest series entry.
    public long seriesBytesMax() {
        return seriesBytesMax;
    }

    /// Writes what comes after the series, and brings the file to the disk.
    public void finish() throws IOException {
        symbolRefs.clear();
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
        out.force();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
