package io.edgeship.block.pack;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The series that came last, encoded: as many as fit. One that comes may be said to equal one of them. Not
/// thread-safe.
final class Window {
    /// What one takes at least.
    private static final int BYTES_MIN = 256;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<Integer, PackedSeries> numbered = new HashMap<>();
    private final Map<Long, PackedSeries> byHash = new HashMap<>();
    private long bytes;

    private record Entry(PackedSeries series, long hash) {
        long sizeBytes() {
            return Math.max(BYTES_MIN, series.sizeBytes());
        }
    }

    /// The series of a number, if it is still here.
    @Nullable PackedSeries get(int number) {
        return numbered.get(number);
    }

    /// A series that may have these times and values; whether it has is to be looked at.
    @Nullable PackedSeries like(long hash) {
        return byHash.get(hash);
    }

    /// @param hash of times and values; 0 for a decoder, which never looks for one
    void add(PackedSeries series, long hash) {
        Entry entry = new Entry(series, hash);
        entries.addLast(entry);
        numbered.put(series.number, series);
        bytes += entry.sizeBytes();
        if (hash != 0) {
            byHash.putIfAbsent(hash, series);
        }
        while (bytes > PackLimits.WINDOW_BYTES_MAX) {
            Entry oldest = entries.removeFirst();
            bytes -= oldest.sizeBytes();
            numbered.remove(oldest.series().number);
            byHash.remove(oldest.hash(), oldest.series());
        }
    }

    /// Never 0.
    static long hash(int times, long[] values, int count) {
        long hash = times;
        for (int i = 0; i < count; i++) {
            hash = (hash ^ values[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> Integer.SIZE;
        }
        return hash == 0 ? 1 : hash;
    }
}
