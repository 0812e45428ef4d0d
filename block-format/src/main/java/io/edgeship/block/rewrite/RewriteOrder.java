package io.edgeship.block.rewrite;

import io.edgeship.block.TimeRange;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.relabel.Relabeling;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be made of which blocks: all that decides the bytes of the new block, and so its ULID (I4).
///
/// @param sources           directories of raw blocks, at least one; of the same stream
/// @param labels            external labels of the new block
/// @param keep              samples outside all of these are left out; empty to keep every sample
/// @param relabeling        applied to each series
/// @param significantDigits to which float values are rounded, 1 to 17; empty to leave them as they are
/// @param resolution        of the new block; empty for raw samples
public record RewriteOrder(
        List<Path> sources,
        SortedMap<String, String> labels,
        List<TimeRange> keep,
        Relabeling relabeling,
        OptionalInt significantDigits,
        Optional<Resolution> resolution) {
    public RewriteOrder {
        sources = List.copyOf(sources);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        keep = List.copyOf(keep);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("no block to write anew");
        }
    }

    /// Everything stays; only what a stock Thanos cannot read is made readable, and deleted samples go.
    public static RewriteOrder of(List<Path> sources, SortedMap<String, String> labels) {
        return new RewriteOrder(sources, labels, List.of(), Relabeling.NONE, OptionalInt.empty(), Optional.empty());
    }
}
