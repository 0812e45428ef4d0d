package io.edgeship.block.tsdb.index;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.FormatReader;
import java.io.IOException;
import java.util.stream.LongStream;

/// The table of contents at the end of an index: where each section begins.
public record Toc(
        long symbols,
        long series,
        long labelIndices,
        long labelOffsetTable,
        long postings,
        long postingsTable,
        long end) {
    static final int BYTES = 6 * Long.BYTES + Integer.BYTES;

    static Toc read(ByteSource source) throws IOException {
        FormatReader in = new FormatReader(source);
        if (source.size() < IndexReader.HEADER_BYTES + BYTES) {
            throw in.corrupt("an index of %d bytes".formatted(source.size()));
        }
        long start = source.size() - BYTES;
        in.seek(start, "table of contents");
        in.beginChecksum();
        Toc toc = new Toc(
                in.u64("symbols"),
                in.u64("series"),
                in.u64("label indices"),
                in.u64("label offset table"),
                in.u64("postings"),
                in.u64("postings offset table"),
                start);
        in.checksum("table of contents");
        boolean sound = toc.offsets().allMatch(offset -> offset >= 0 && offset <= start)
                && toc.symbols >= IndexReader.HEADER_BYTES
                && toc.series > toc.symbols
                && toc.postings > toc.symbols
                && toc.postingsTable >= toc.postings;
        if (!sound) {
            throw in.corrupt("sections are out of order: " + toc);
        }
        return toc;
    }

    /// Where the section that follows the series begins.
    long seriesEnd() {
        return offsets().filter(offset -> offset > series).min().orElse(end);
    }

    private LongStream offsets() {
        return LongStream.of(symbols, series, labelIndices, labelOffsetTable, postings, postingsTable);
    }
}
