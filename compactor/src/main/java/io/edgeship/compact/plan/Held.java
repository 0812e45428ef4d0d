package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which blocks of a stream hold which sources, by resolution.
final class Held {
    private final Map<Long, Map<BlockId, List<BucketBlock>>> byResolution = new HashMap<>();

    /// @param live blocks of one stream that can be read
    Held(Collection<BucketBlock> live) {
        for (BucketBlock block : live) {
            Map<BlockId, List<BucketBlock>> bySource =
                    byResolution.computeIfAbsent(block.resolutionMillis(), _ -> new HashMap<>());
            for (BlockId source : block.sources()) {
                bySource.computeIfAbsent(source, _ -> new ArrayList<>(1)).add(block);
            }
        }
    }

    /// Whether blocks of that resolution hold all sources of the block and reach over its time: a lineage that was
    /// written down wrong must not cost samples.
    boolean covers(BucketBlock block, long resolutionMillis) {
        List<BucketBlock> holders = new ArrayList<>();
        for (BlockId source : block.sources()) {
            List<BucketBlock> holding = holding(source, resolutionMillis);
            if (holding.isEmpty()) {
                return false;
            }
            holders.addAll(holding);
        }
        return Lineage.contains(Lineage.hull(holders), block.meta().range(), resolutionMillis);
    }

    /// Whether one block of that resolution holds all sources.
    boolean hasOneOf(Set<BlockId> sources, TimeRange range, long resolutionMillis) {
        return holding(sources.iterator().next(), resolutionMillis).stream()
                .filter(block -> Lineage.contains(block.meta().range(), range, resolutionMillis))
                .anyMatch(block -> Set.copyOf(block.sources()).containsAll(sources));
    }

    /// Blocks of that resolution that hold nothing but these sources, in the order in which the sources name them.
    List<BucketBlock> within(Set<BlockId> sources, TimeRange range, long resolutionMillis) {
        Map<BlockId, BucketBlock> within = new LinkedHashMap<>();
        for (BlockId source : sources) {
            for (BucketBlock block : holding(source, resolutionMillis)) {
                if (!within.containsKey(block.meta().id())
                        && Lineage.contains(range, block.meta().range(), resolutionMillis)
                        && sources.containsAll(block.sources())) {
                    within.put(block.meta().id(), block);
                }
            }
        }
        return List.copyOf(within.values());
    }

    private List<BucketBlock> holding(BlockId source, long resolutionMillis) {
        return byResolution.getOrDefault(resolutionMillis, Map.of()).getOrDefault(source, List.of());
    }
}
