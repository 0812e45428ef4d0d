package io.edgeship.block.pack;

import io.edgeship.block.tsdb.index.SymbolTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The order of the columns within a span: the buckets of one histogram one after the other, the one of all
/// events first, then by their bounds; all else in the order of the index. Both ways know it from the labels
/// alone.
final class SpanOrder {
    private static final long FNV_OFFSET = 1469598103934665603L;
    private static final long FNV_PRIME = 1099511628211L;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final SymbolTable symbols;
    private final Tails tails;
    private final int le;

    /// A series and its role.
    record Placed(PackedSeries series, SeriesRole role) {}

    private record Group(long histogram, int metric, int alone) {}

    SpanOrder(SymbolTable symbols, Tails tails) {
        this.symbols = symbols;
        this.tails = tails;
        int found = -1;
        for (int i = 0; i < symbols.size(); i++) {
            found = symbols.get(i).equals("le") ? i : found;
        }
        le = found;
    }

    List<Placed> of(List<PackedSeries> span) {
        Map<Group, List<Placed>> groups = new LinkedHashMap<>();
        for (PackedSeries series : span) {
            SeriesRole role = role(series);
            Group group =
                    role.isBucket() ? new Group(role.histogram(), series.value, -1) : new Group(0, 0, groups.size());
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(new Placed(series, role));
        }
        List<Placed> ordered = new ArrayList<>(span.size());
        for (List<Placed> group : groups.values()) {
            group.sort(Comparator.comparingDouble(placed -> placed.role().bound()));
            ordered.addAll(group);
        }
        return ordered;
    }

    private SeriesRole role(PackedSeries series) {
        String metric = symbols.get(series.value);
        int stem = metric.length() - suffix(metric);
        long hash = FNV_OFFSET;
        for (int i = 0; i < stem; i++) {
            hash = (hash ^ metric.charAt(i)) * FNV_PRIME;
        }
        int[] labels = tails.get(series.tail);
        boolean isBucket = false;
        double bound = 0;
        for (int i = 0; i < labels.length; i += 2) {
            if (labels[i] == le) {
                isBucket = true;
                bound = bound(symbols.get(labels[i + 1]));
            } else {
                hash = (hash ^ labels[i]) * FNV_PRIME;
                hash = (hash ^ labels[i + 1]) * MIX;
                hash ^= hash >>> 31;
            }
        }
        return new SeriesRole(hash, isBucket, bound);
    }

    private static int suffix(String metric) {
        for (String suffix : new String[] {"_bucket", "_count", "_sum"}) {
            if (metric.endsWith(suffix)) {
                return suffix.length();
            }
        }
        return 0;
    }

    private static double bound(String text) {
        if (text.equals("+Inf")) {
            return Double.NEGATIVE_INFINITY;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.MAX_VALUE;
        }
    }
}
