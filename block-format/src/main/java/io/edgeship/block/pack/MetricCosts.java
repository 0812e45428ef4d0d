package io.edgeship.block.pack;

import io.edgeship.block.encoding.NoSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the bytes of a pack go: what to drop by relabelling to save most.
public final class MetricCosts {
    private MetricCosts() {}

    /// What one metric takes.
    ///
    /// @param metric      the value of the first label, which is the name but in odd cases
    /// @param rawBytes    of its chunks in the block
    /// @param packedBytes of its columns, and of its carried chunks before they are compressed
    public record Cost(String metric, long series, long samples, long rawBytes, long packedBytes) {
        private Cost plus(Cost other) {
            return new Cost(
                    metric,
                    series + other.series,
                    samples + other.samples,
                    rawBytes + other.rawBytes,
                    packedBytes + other.packedBytes);
        }
    }

    /// Packs the block to nowhere, and returns the metrics, the dearest first.
    ///
    /// @throws IOException also for a block that cannot be had in columns
    public static List<Cost> of(Path dir) throws IOException {
        return of(dir, PackWatcher.NONE);
    }

    /// As [#of(Path)], and tells the watcher how far it is.
    public static List<Cost> of(Path dir, PackWatcher watcher) throws IOException {
        Map<String, Cost> costs = new HashMap<>();
        new ColumnPacker(dir, watcher).columns(new NoSink("nowhere"), (symbols, series, bytes) -> {
            Cost cost = new Cost(symbols.get(series.value), 1, series.samples(), series.sizeBytes(), bytes);
            costs.merge(cost.metric(), cost, Cost::plus);
        });
        return costs.values().stream()
                .sorted(Comparator.comparingLong(Cost::packedBytes).reversed().thenComparing(Cost::metric))
                .toList();
    }
}
