package io.edgeship.ship.reduce;

import io.edgeship.block.TimeRange;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What relabelling saves of some blocks, by metric. Immutable.
///
/// @param blocks     how many
/// @param range      that their samples span
/// @param blockBytes segments and indexes of all of them
/// @param metrics    by the name before relabelling; empty for series without one
/// @param merging    series that get the labels of another one of their block; what that saves is not counted
public record SavingsReport(int blocks, TimeRange range, long blockBytes, Map<String, Saving> metrics, long merging) {
    private static final Comparator<Map.Entry<String, Saving>> LARGEST_FIRST = Comparator.comparingLong(
                    (Map.Entry<String, Saving> entry) -> entry.getValue().bytesSaved())
            .thenComparingLong(entry -> entry.getValue().before().bytes())
            .reversed()
            .thenComparing(Map.Entry.comparingByKey());

    public SavingsReport {
        metrics = Collections.unmodifiableMap(new HashMap<>(metrics));
    }

    /// Both together.
    public SavingsReport plus(SavingsReport other) {
        Map<String, Saving> sum = new HashMap<>(metrics);
        other.metrics.forEach((metric, saving) -> sum.merge(metric, saving, Saving::plus));
        TimeRange span = new TimeRange(
                Math.min(range.minTime(), other.range.minTime()), Math.max(range.maxTime(), other.range.maxTime()));
        return new SavingsReport(
                blocks + other.blocks, span, blockBytes + other.blockBytes, sum, merging + other.merging);
    }

    /// The metrics of which most is saved first; of those the largest.
    public List<Map.Entry<String, Saving>> largestFirst() {
        return metrics.entrySet().stream().sorted(LARGEST_FIRST).toList();
    }

    /// All metrics together.
    public Saving total() {
        return metrics.values().stream().reduce(Saving.NONE, Saving::plus);
    }

    /// What no metric has for itself: symbols, tables and headers.
    public long sharedBytes() {
        return blockBytes - total().before().bytes();
    }
}
