package io.edgeship.block.loki;

import io.edgeship.block.Utf8Order;
import io.edgeship.block.loki.LokiIndexSeries.ChunkRef;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What an index has to know of a chunk, without the chunk.
///
/// @param fingerprint of the stream, an unsigned 64-bit number
/// @param labels      of the stream, without `__name__`
public record LokiIndexedChunk(String tenant, long fingerprint, SortedMap<String, String> labels, ChunkRef ref) {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    /// A chunk that claims more days has a broken clock behind it; it would make an index for each.
    private static final long DAYS_MAX = 366;

    private static final String NAME = "__name__";

    /// @throws IOException if no index can name the chunk: a tenant that is none, times that are none
    public static LokiIndexedChunk of(LokiChunk chunk) throws IOException {
        return of(chunk.file(), chunk.header(), ChunkRef.of(chunk));
    }

    static LokiIndexedChunk of(String file, LokiChunkHeader header, ChunkRef ref) throws IOException {
        if (!LokiDayIndexes.isTenant(header.tenant())) {
            throw new IOException(file + ": no tenant is called '" + header.tenant() + "'");
        }
        TreeMap<String, String> labels = new TreeMap<>(Utf8Order.COMPARATOR);
        labels.putAll(header.labels());
        labels.remove(NAME);
        LokiIndexedChunk indexed = new LokiIndexedChunk(
                header.tenant(), header.fingerprint(), Collections.unmodifiableSortedMap(labels), ref);
        if (header.fromMillis() < 0
                || indexed.lastDay() < indexed.firstDay()
                || indexed.lastDay() - indexed.firstDay() > DAYS_MAX) {
            throw new IOException(
                    "%s: chunk of %d to %d ms".formatted(file, header.fromMillis(), header.throughMillis()));
        }
        return indexed;
    }

    /// Of 1970, UTC.
    public long firstDay() {
        return Math.floorDiv(ref.fromMillis(), DAY_MILLIS);
    }

    public long lastDay() {
        return Math.floorDiv(ref.throughMillis(), DAY_MILLIS);
    }
}
