package io.edgeship.block.loki;

import io.edgeship.block.Utf8Order;
import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.FormatReader;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads an index file of version 2 to 4 into memory: symbols and series, with their checksums, and the checksum of
/// the table of contents. Lists of postings follow from the series, so they are not read. Not thread-safe.
public final class LokiIndexReader {
    static final int INDEX_BYTES_MAX = 256 << 20;
    private static final int PADDING_MAX = LokiIndex.SERIES_ALIGNMENT - 1;
    private static final int LEAST_PAIR_BYTES = 2;
    private static final int LEAST_CHUNK_BYTES = 8;

    private final FormatReader in;
    private final long size;
    private final List<String> symbols = new ArrayList<>();
    private int version;

    private LokiIndexReader(String file, byte[] bytes) {
        this.in = new FormatReader(ByteSource.of(file, bytes));
        this.size = bytes.length;
    }

    /// An index as it lies beside the chunks, `….tsdb.gz`, or unpacked, `….tsdb`.
    ///
    /// @throws CorruptFormatException if it breaks its rules; offsets are of the unpacked file
    public static LokiIndex read(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return parse(file.toString(), Files.readAllBytes(file));
        }
        try (InputStream packed = Files.newInputStream(file)) {
            return parse(file.toString(), unpack(file.toString(), packed));
        }
    }

    /// The plain bytes of an index that is packed with gzip.
    ///
    /// @param file stands for the bytes in errors
    public static byte[] unpack(String file, InputStream packed) throws IOException {
        try (InputStream plain = new GZIPInputStream(packed)) {
            byte[] bytes = plain.readNBytes(INDEX_BYTES_MAX + 1);
            if (bytes.length > INDEX_BYTES_MAX) {
                throw new CorruptFormatException(file, 0, "over %d bytes".formatted(INDEX_BYTES_MAX));
            }
            return bytes;
        } catch (ZipException | EOFException e) {
            throw new CorruptFormatException(file, 0, "gzip: " + e.getMessage());
        }
    }

    /// @param file stands for the bytes in errors
    public static LokiIndex parse(String file, byte[] bytes) throws IOException {
        if (bytes.length > INDEX_BYTES_MAX) {
            throw new CorruptFormatException(file, 0, "over %d bytes".formatted(INDEX_BYTES_MAX));
        }
        return new LokiIndexReader(file, bytes).parse();
    }

    private LokiIndex parse() throws IOException {
        if (in.u32("magic") != LokiIndex.MAGIC) {
            throw in.corrupt("not an index of Loki");
        }
        version = in.u8("version");
        if (version < LokiIndex.FIRST_VERSION) {
            throw in.corrupt("version is " + version);
        }
        if (version > LokiIndex.NEWEST_VERSION) {
            throw in.unsupported(version, LokiIndex.NEWEST_VERSION);
        }
        long tocAt = size - LokiIndex.TOC_BYTES;
        in.seek(tocAt, "table of contents");
        in.beginChecksum();
        long symbolsAt = place("symbols", tocAt);
        long seriesAt = place("series", tocAt);
        long seriesEnd = place("label indices", tocAt);
        for (String section : List.of("label table", "postings", "postings table", "fingerprints")) {
            place(section, tocAt);
        }
        long fromMillis = in.u64("from");
        long throughMillis = in.u64("through");
        in.checksum("the table of contents");
        in.seek(size - Integer.BYTES, "crc32c");
        int crc = in.u32("crc32c");
        symbols(symbolsAt);
        return new LokiIndex(version, fromMillis, throughMillis, crc, series(seriesAt, seriesEnd));
    }

    private long place(String section, long limit) throws IOException {
        long offset = in.u64("offset of " + section);
        if (offset < 0 || offset > limit) {
            throw in.corrupt("%s at %s, limit %d".formatted(section, Long.toUnsignedString(offset), limit));
        }
        return offset;
    }

    private void symbols(long at) throws IOException {
        in.seek(at, "symbols");
        long length = Integer.toUnsignedLong(in.u32("length of the symbols"));
        in.beginChecksum();
        long end = in.position() + length;
        long count = Integer.toUnsignedLong(in.u32("number of symbols"));
        if (count > length) {
            throw in.corrupt("%d symbols in %d bytes".formatted(count, length));
        }
        for (long i = 0; i < count; i++) {
            byte[] utf8 = in.bytes(in.length("length of a symbol"), "symbol");
            symbols.add(new String(utf8, StandardCharsets.UTF_8));
        }
        if (in.position() != end) {
            throw in.corrupt("symbols end at %d, their length says %d".formatted(in.position(), end));
        }
        in.checksum("symbols");
    }

    private List<LokiIndexSeries> series(long from, long end) throws IOException {
        List<LokiIndexSeries> series = new ArrayList<>();
        in.seek(from, "series");
        while (true) {
            long aligned = (in.position() + PADDING_MAX) / LokiIndex.SERIES_ALIGNMENT * LokiIndex.SERIES_ALIGNMENT;
            if (aligned >= end) {
                return series;
            }
            in.seek(aligned, "series");
            int length = in.length("length of a series");
            in.beginChecksum();
            LokiIndexSeries one = one(in.position() + length);
            in.checksum("a series");
            if (!series.isEmpty() && LokiIndexSeries.ORDER.compare(series.getLast(), one) >= 0) {
                throw in.corrupt("series %016x is out of order".formatted(one.fingerprint()));
            }
            series.add(one);
        }
    }

    private LokiIndexSeries one(long end) throws IOException {
        long fingerprint = in.u64("fingerprint");
        long pairs = count("number of labels", end, LEAST_PAIR_BYTES);
        TreeMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);
        for (long i = 0; i < pairs; i++) {
            labels.put(symbol(), symbol());
        }
        long chunks = count("number of chunks", end, LEAST_CHUNK_BYTES);
        if (version >= LokiIndex.FIRST_WITH_PAGES) {
            long markers = Integer.toUnsignedLong(in.u32("length of the pages"));
            if (markers > end - in.position()) {
                throw in.corrupt("pages of %d bytes".formatted(markers));
            }
            in.bytes((int) markers, "pages");
        }
        List<ChunkRef> refs = new ArrayList<>();
        long previousThrough = 0;
        for (long i = 0; i < chunks; i++) {
            ChunkRef chunk = chunk(previousThrough);
            refs.add(chunk);
            previousThrough = chunk.throughMillis();
        }
        if (in.position() != end) {
            throw in.corrupt("series ends at %d, its length says %d".formatted(in.position(), end));
        }
        return new LokiIndexSeries(fingerprint, labels, refs);
    }

    private ChunkRef chunk(long previousThrough) throws IOException {
        long from = previousThrough + in.varint("first time of a chunk");
        long through = from + in.uvarint("last time of a chunk");
        if (through < from) {
            throw in.corrupt("chunk of %d to %d".formatted(from, through));
        }
        long kilobytes = in.uvarint("kilobytes of a chunk");
        long entries = in.uvarint("entries of a chunk");
        int crc = in.u32("crc32c of a chunk");
        long ingested = version >= LokiIndex.FIRST_WITH_INGESTED ? in.uvarint("day of ingestion") : 0;
        return new ChunkRef(from, through, kilobytes, entries, crc, ingested);
    }

    private String symbol() throws IOException {
        long number = in.uvarint("symbol");
        if (number < 0 || number >= symbols.size()) {
            throw in.corrupt("symbol %s of %d".formatted(Long.toUnsignedString(number), symbols.size()));
        }
        return symbols.get((int) number);
    }

    private long count(String field, long end, int leastBytes) throws IOException {
        long count = in.uvarint(field);
        if (count < 0 || count > (end - in.position()) / leastBytes) {
            throw in.corrupt("%s is %s, the series ends at %d".formatted(field, Long.toUnsignedString(count), end));
        }
        return count;
    }
}
