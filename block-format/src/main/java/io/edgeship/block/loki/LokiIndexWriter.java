package io.edgeship.block.loki;

import io.edgeship.block.Utf8Order;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Writes an index of version 3, the bytes that Loki itself writes for the same series. In memory: an index takes
/// about 20 bytes a chunk. One file an instance; not thread-safe.
public final class LokiIndexWriter {
    private final List<LokiIndexSeries> series;
    private final IndexBytes out = new IndexBytes();
    private final Map<String, Integer> symbols = new HashMap<>();
    private final List<Integer> refs = new ArrayList<>(); // of each series
    private final SortedMap<String, SortedMap<String, List<Integer>>> postings = new TreeMap<>(Utf8Order.COMPARATOR);
    private final List<Long> toc = new ArrayList<>();

    private LokiIndexWriter(Collection<LokiIndexSeries> series) {
        this.series = series.stream().sorted(LokiIndexSeries.ORDER).toList();
    }

    /// The file, uncompressed.
    ///
    /// @throws IllegalArgumentException for no series, or one without chunks: Loki's retention fails on these
    public static byte[] write(Collection<LokiIndexSeries> series) {
        if (series.isEmpty() || series.stream().anyMatch(one -> one.chunks().isEmpty())) {
            throw new IllegalArgumentException("an index of no chunks");
        }
        return new LokiIndexWriter(series).write();
    }

    private byte[] write() {
        out.u32(LokiIndex.MAGIC);
        out.u8(LokiIndex.WRITTEN_VERSION);
        long symbolsAt = out.size();
        symbols();
        long seriesAt = out.size();
        series.forEach(this::series);
        long labelIndicesAt = out.size();
        IndexBytes labelTable = labelIndices();
        long postingsAt = out.size();
        IndexBytes postingsTable = postings();
        long labelTableAt = out.size();
        out.section(labelTable);
        long postingsTableAt = out.size();
        out.section(postingsTable);
        long fingerprintsAt = out.size();
        out.section(fingerprints());
        toc.addAll(List.of(
                symbolsAt, seriesAt, labelIndicesAt, labelTableAt, postingsAt, postingsTableAt, fingerprintsAt));
        toc.add(chunks().mapToLong(ChunkRef::fromMillis).min().orElseThrow());
        toc.add(chunks().mapToLong(ChunkRef::throughMillis).max().orElseThrow());
        int tocAt = out.size();
        toc.forEach(out::u64);
        out.checksum(tocAt);
        return out.toBytes();
    }

    private Stream<ChunkRef> chunks() {
        return series.stream().flatMap(one -> one.chunks().stream());
    }

    private void symbols() {
        TreeSet<String> texts = new TreeSet<>(Utf8Order.COMPARATOR);
        for (LokiIndexSeries one : series) {
            texts.addAll(one.labels().keySet());
            texts.addAll(one.labels().values());
        }
        IndexBytes section = new IndexBytes();
        section.u32(texts.size());
        for (String text : texts) {
            symbols.put(text, symbols.size());
            section.text(text);
        }
        out.section(section);
    }

    private void series(LokiIndexSeries one) {
        out.padTo(LokiIndex.SERIES_ALIGNMENT);
        int ref = out.size() / LokiIndex.SERIES_ALIGNMENT;
        refs.add(ref);
        IndexBytes entry = new IndexBytes();
        entry.u64(one.fingerprint());
        entry.uvarint(one.labels().size());
        one.labels().forEach((name, value) -> {
            entry.uvarint(symbol(name));
            entry.uvarint(symbol(value));
            postings.computeIfAbsent(name, _ -> new TreeMap<>(Utf8Order.COMPARATOR))
                    .computeIfAbsent(value, _ -> new ArrayList<>())
                    .add(ref);
        });
        chunks(one.chunks(), entry);
        out.uvarint(entry.size());
        int from = out.size();
        out.append(entry.toBytes());
        out.checksum(from);
    }

    private int symbol(String text) {
        return Objects.requireNonNull(symbols.get(text));
    }

    private static void chunks(List<ChunkRef> chunks, IndexBytes entry) {
        IndexBytes metas = new IndexBytes();
        IndexBytes markers = new IndexBytes();
        markers.uvarint((chunks.size() + LokiIndex.PAGE_CHUNKS - 1) / LokiIndex.PAGE_CHUNKS);
        long previousThrough = 0;
        for (int at = 0; at < chunks.size(); at += LokiIndex.PAGE_CHUNKS) {
            List<ChunkRef> page = chunks.subList(at, Math.min(at + LokiIndex.PAGE_CHUNKS, chunks.size()));
            marker(page, metas.size(), markers);
            for (ChunkRef chunk : page) {
                metas.varint(chunk.fromMillis() - previousThrough);
                metas.uvarint(chunk.throughMillis() - chunk.fromMillis());
                metas.uvarint(chunk.kilobytes());
                metas.uvarint(chunk.entries());
                metas.u32(chunk.crc32c());
                previousThrough = chunk.throughMillis();
            }
        }
        entry.uvarint(chunks.size());
        entry.u32(markers.size());
        entry.append(markers.toBytes());
        entry.append(metas.toBytes());
    }

    private static void marker(List<ChunkRef> page, int offset, IndexBytes markers) {
        long from = page.getFirst().fromMillis();
        long through = page.stream().mapToLong(ChunkRef::throughMillis).max().orElseThrow();
        markers.uvarint(page.size());
        markers.u32(page.stream().mapToLong(ChunkRef::kilobytes).sum());
        markers.u32(page.stream().mapToLong(ChunkRef::entries).sum());
        markers.uvarint(offset);
        markers.varint(from);
        markers.varint(through - from);
    }

    private IndexBytes labelIndices() {
        IndexBytes table = new IndexBytes();
        table.u32(postings.size());
        postings.forEach((name, values) -> {
            out.padTo(Integer.BYTES);
            table.uvarint(1);
            table.text(name);
            table.uvarint(out.size());
            IndexBytes section = new IndexBytes();
            section.u32(1);
            section.u32(values.size());
            values.keySet().forEach(value -> section.u32(symbol(value)));
            out.section(section);
        });
        return table;
    }

    private IndexBytes postings() {
        out.padTo(Integer.BYTES);
        IndexBytes table = new IndexBytes();
        table.u32(1L + postings.values().stream().mapToLong(Map::size).sum());
        postings("", "", refs, table);
        postings.forEach((name, values) -> values.forEach((value, of) -> postings(name, value, of, table)));
        return table;
    }

    private void postings(String name, String value, List<Integer> of, IndexBytes table) {
        table.uvarint(2);
        table.text(name);
        table.text(value);
        table.uvarint(out.size());
        IndexBytes section = new IndexBytes();
        section.u32(of.size());
        of.forEach(section::u32);
        out.section(section);
    }

    private IndexBytes fingerprints() {
        IndexBytes section = new IndexBytes();
        int step = LokiIndex.SERIES_PER_FINGERPRINT_OFFSET;
        section.u32((series.size() + step - 1) / step);
        for (int at = 0; at < series.size(); at += step) {
            section.u64(refs.get(at));
            section.u64(series.get(at).fingerprint());
        }
        return section;
    }
}
