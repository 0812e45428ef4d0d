package io.edgeship.block.loki;

import io.edgeship.block.Utf8Order;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A stream in an index, with its chunks in order.
///
/// @param fingerprint unsigned; the hash of the labels, but for streams whose hashes are the same
/// @param labels      without `__name__`; in files of many tenants with `__loki_tenant__`
public record LokiIndexSeries(long fingerprint, SortedMap<String, String> labels, List<ChunkRef> chunks) {
    static final Comparator<LokiIndexSeries> ORDER = Comparator.comparingLong(
                    (LokiIndexSeries series) -> series.fingerprint() + Long.MIN_VALUE) // unsigned
            .thenComparing(LokiIndexSeries::labels, LokiIndexSeries::compare);

    /// A chunk, as its stream's entry names it.
    ///
    /// @param ingestedCode days from the last entry to when Loki took it in, as version 4 has them; 0 if unknown
    public record ChunkRef(
            long fromMillis, long throughMillis, long kilobytes, long entries, int crc32c, long ingestedCode) {
        static final Comparator<ChunkRef> ORDER = Comparator.comparingLong(ChunkRef::fromMillis)
                .thenComparingLong(ChunkRef::throughMillis)
                .thenComparingLong(chunk -> Integer.toUnsignedLong(chunk.crc32c()));

        static ChunkRef of(LokiChunk chunk) {
            LokiChunkName name = chunk.name();
            return new ChunkRef(
                    name.fromMillis(), name.throughMillis(), chunk.kilobytes(), chunk.entries(), name.crc32c(), 0);
        }
    }

    public LokiIndexSeries {
        TreeMap<String, String> sorted = new TreeMap<>(Utf8Order.COMPARATOR);
        sorted.putAll(labels);
        labels = Collections.unmodifiableSortedMap(sorted);
        chunks = chunks.stream().distinct().sorted(ChunkRef.ORDER).toList();
    }

    /// As Loki compares label sets: pair by pair, the shorter one first.
    private static int compare(SortedMap<String, String> a, SortedMap<String, String> b) {
        Iterator<Map.Entry<String, String>> others = b.entrySet().iterator();
        for (Map.Entry<String, String> label : a.entrySet()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<String, String> other = others.next();
            int names = Utf8Order.compare(label.getKey(), other.getKey());
            int order = names != 0 ? names : Utf8Order.compare(label.getValue(), other.getValue());
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }
}
