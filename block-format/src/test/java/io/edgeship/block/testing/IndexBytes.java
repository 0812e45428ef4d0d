package io.edgeship.block.testing;

import io.edgeship.block.LabelSet;
import io.edgeship.block.Utf8Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Lays out an index, version 2 byte for byte as Prometheus 3.14 does; version 1 without the label indices that
/// programs of its time wrote. The layout is on the page of `io.edgeship.block.tsdb.index`.
final class IndexBytes {
    private static final int ALIGNMENT = 16;

    /// A series and the packed references of its chunks.
    record Series(LabelSet labels, List<TestChunk> chunks, List<Long> chunkRefs) {}

    private record Label(String name, String value) implements Comparable<Label> {
        private static final Comparator<Label> ORDER = Comparator.comparing(Label::name, Utf8Order.COMPARATOR)
                .thenComparing(Label::value, Utf8Order.COMPARATOR);

        @Override
        public int compareTo(Label other) {
            return ORDER.compare(this, other);
        }
    }

    private static final Label ALL = new Label("", "");

    private final int version;
    private final Set<Flaw> flaws;
    private final ByteSink out = new ByteSink();
    private final Map<String, Long> symbolRefs = new HashMap<>();
    private final TreeMap<Label, List<Long>> postings = new TreeMap<>();

    private IndexBytes(int version, Set<Flaw> flaws) {
        this.version = version;
        this.flaws = flaws;
    }

    /// @param moreSymbols that no series uses
    static byte[] of(int version, List<Series> series, Collection<String> moreSymbols, Set<Flaw> flaws) {
        IndexBytes index = new IndexBytes(version, flaws);
        index.out.u32(0xBAAAD700L).u8(version);
        int symbolsAt = index.out.size();
        index.symbols(series, moreSymbols);
        int seriesAt = index.out.size();
        index.postings.put(ALL, new ArrayList<>());
        series.forEach(index::series);
        int postingsAt = index.out.size();
        ByteSink table = index.postings();
        int tableAt = index.out.size();
        index.out.u32(table.size()).checked(table);
        ByteSink toc = new ByteSink().u64(symbolsAt).u64(seriesAt).u64(postingsAt);
        index.out.checked(toc.u64(tableAt).u64(postingsAt).u64(tableAt));
        return index.out.toByteArray();
    }

    private void symbols(List<Series> series, Collection<String> moreSymbols) {
        TreeSet<String> sorted = new TreeSet<>(Utf8Order.COMPARATOR);
        sorted.addAll(moreSymbols);
        for (Series one : series) {
            one.labels().forEach((name, value) -> {
                sorted.add(name);
                sorted.add(value);
            });
        }
        Collection<String> symbols = flaws.contains(Flaw.SYMBOLS_REVERSED) ? sorted.descendingSet() : sorted;
        ByteSink body = new ByteSink().u32(symbols.size());
        int bodyAt = out.size() + Integer.BYTES;
        for (String symbol : symbols) {
            symbolRefs.put(symbol, version == 1 ? (long) bodyAt + body.size() : symbolRefs.size());
            body.text(symbol);
        }
        out.u32(body.size()).checked(body);
    }

    private void series(Series series) {
        if (version > 1) {
            out.padTo(ALIGNMENT);
        }
        long ref = version > 1 ? out.size() / ALIGNMENT : out.size();
        ByteSink body = new ByteSink().uvarint(series.labels().size());
        series.labels().forEach((name, value) -> {
            body.uvarint(symbolRefs.getOrDefault(name, 0L)).uvarint(symbolRefs.getOrDefault(value, 0L));
            postings.computeIfAbsent(new Label(name, value), _ -> new ArrayList<>())
                    .add(ref);
        });
        postings.getOrDefault(ALL, List.of()).add(ref);
        chunks(series, body);
        out.uvarint(body.size()).checked(body);
    }

    private static void chunks(Series series, ByteSink body) {
        body.uvarint(series.chunks().size());
        long maxTime = 0;
        long ref = 0;
        for (int i = 0; i < series.chunks().size(); i++) {
            TestChunk chunk = series.chunks().get(i);
            long newRef = series.chunkRefs().get(i);
            if (i == 0) {
                body.varint(chunk.minTime()).uvarint(chunk.maxTime() - chunk.minTime());
                body.uvarint(newRef);
            } else {
                body.uvarint(chunk.minTime() - maxTime).uvarint(chunk.maxTime() - chunk.minTime());
                body.varint(newRef - ref);
            }
            maxTime = chunk.maxTime();
            ref = newRef;
        }
    }

    /// Writes the lists and returns the table of where they are.
    private ByteSink postings() {
        List<Map.Entry<Label, Integer>> listed = new ArrayList<>();
        postings.forEach((label, refs) -> {
            boolean lacksOne = flaws.contains(Flaw.LAST_SERIES_UNLISTED) && label.equals(ALL);
            List<Long> written = lacksOne ? refs.subList(0, refs.size() - 1) : refs;
            out.padTo(Integer.BYTES);
            listed.add(Map.entry(label, out.size()));
            ByteSink body = new ByteSink().u32(written.size());
            written.forEach(body::u32);
            out.u32(body.size()).checked(body);
        });
        if (flaws.contains(Flaw.ALL_SERIES_LISTED_TWICE)) {
            listed.addFirst(listed.getFirst());
        }
        boolean shared = flaws.contains(Flaw.POSTINGS_SHARED);
        ByteSink table = new ByteSink().u32(listed.size());
        for (Map.Entry<Label, Integer> entry :
                flaws.contains(Flaw.POSTINGS_TABLE_REVERSED) ? listed.reversed() : listed) {
            Label label = entry.getKey();
            table.u8(2)
                    .text(label.name())
                    .text(label.value())
                    .uvarint(shared ? listed.getFirst().getValue() : entry.getValue());
        }
        return table;
    }
}
