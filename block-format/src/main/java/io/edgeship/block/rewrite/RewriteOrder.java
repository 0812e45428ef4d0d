package io.edgeship.block.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.Relabeling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be made of which blocks: all that decides the bytes of the new block, and so its ULID (I4).
///
/// @param sources           directories of raw blocks, at least one, in any order; of the same stream
/// @param labels            external labels of the new block
/// @param keep              samples outside all of these are left out; empty to keep every sample. They come back in
///                          order, and those that meet as one
/// @param relabeling        applied to each series
/// @param significantDigits to which float values are rounded, 1 to 17; empty to leave them as they are
/// @param resolution        of the new block, [Resolution#FIVE_MINUTES]; empty for raw samples
public record RewriteOrder(
        List<Path> sources,
        SortedMap<String, String> labels,
        List<TimeRange> keep,
        Relabeling relabeling,
        OptionalInt significantDigits,
        Optional<Resolution> resolution) {
    /// More decimal digits than a double has make no difference.
    public static final int DIGITS_MAX = 17;

    public RewriteOrder {
        sources = List.copyOf(sources);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        keep = inOrder(keep);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("no block to write anew");
        }
        if (significantDigits.isPresent()
                && (significantDigits.getAsInt() < 1 || significantDigits.getAsInt() > DIGITS_MAX)) {
            throw new IllegalArgumentException(
                    "rounding to %d digits, 1 to %d are possible".formatted(significantDigits.getAsInt(), DIGITS_MAX));
        }
        if (resolution.isPresent() && resolution.get().fromMillis() != 0) {
            throw new IllegalArgumentException("a block of raw samples becomes none of " + resolution.get());
        }
    }

    /// Everything stays; only what a stock Thanos cannot read is made readable, and deleted samples go.
    public static RewriteOrder of(List<Path> sources, SortedMap<String, String> labels) {
        return new RewriteOrder(sources, labels, List.of(), Relabeling.NONE, OptionalInt.empty(), Optional.empty());
    }

    private static List<TimeRange> inOrder(List<TimeRange> ranges) {
        List<TimeRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingLong(TimeRange::minTime));
        List<TimeRange> apart = new ArrayList<>();
        for (TimeRange range : sorted) {
            if (range.minTime() == range.maxTime()) {
                throw new IllegalArgumentException("nothing can be kept of " + range);
            }
            TimeRange last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || last.maxTime() < range.minTime()) {
                apart.add(range);
            } else {
                apart.set(apart.size() - 1, new TimeRange(last.minTime(), Math.max(last.maxTime(), range.maxTime())));
            }
        }
        return List.copyOf(apart);
    }

    /// What is to be kept of blocks that cover `whole`, in order; nothing is cut if that is `whole` itself.
    List<TimeRange> keptOf(TimeRange whole) {
        if (keep.isEmpty()) {
            return List.of(whole);
        }
        List<TimeRange> kept = new ArrayList<>();
        for (TimeRange range : keep) {
            long minTime = Math.max(range.minTime(), whole.minTime());
            long maxTime = Math.min(range.maxTime(), whole.maxTime());
            if (minTime < maxTime) {
                kept.add(new TimeRange(minTime, maxTime));
            }
        }
        return kept;
    }
}
