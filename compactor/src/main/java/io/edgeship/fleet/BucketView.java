package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one pass over the bucket saw. Blocks are in order of ULID, reports in order of site and incarnation.
///
/// @param losses  loss records by site
/// @param strange names that read leniently as a ULID and are none: Thanos takes them for blocks, we leave them alone
public record BucketView(
        List<BucketBlock> blocks,
        List<PartialBlock> partial,
        List<SiteReport> reports,
        Map<String, Integer> losses,
        List<String> strange) {
    public BucketView {
        blocks = List.copyOf(blocks);
        partial = List.copyOf(partial);
        reports = List.copyOf(reports);
        losses = Map.copyOf(losses);
        strange = List.copyOf(strange);
    }

    /// The view once these blocks have been committed.
    public BucketView with(List<BucketBlock> committed) {
        if (committed.isEmpty()) {
            return this;
        }
        Set<BlockId> ids = new HashSet<>();
        committed.forEach(block -> ids.add(block.meta().id()));
        BucketView others = without(ids);
        List<BucketBlock> all = new ArrayList<>(others.blocks);
        all.addAll(committed);
        all.sort(Comparator.comparing(block -> block.meta().id()));
        return new BucketView(all, others.partial, reports, losses, strange);
    }

    /// The view once these blocks, whole or partial, have been removed.
    public BucketView without(Set<BlockId> removed) {
        return new BucketView(
                blocks.stream()
                        .filter(block -> !removed.contains(block.meta().id()))
                        .toList(),
                partial.stream().filter(block -> !removed.contains(block.id())).toList(),
                reports,
                losses,
                strange);
    }
}
