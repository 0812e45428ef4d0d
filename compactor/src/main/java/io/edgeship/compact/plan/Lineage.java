package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compares blocks by their sources (I9).
final class Lineage {
    /// So many blocks at most are compared with one that names the same source. In an honest bucket there are few.
    private static final int COMPARED_MAX = 64;

    private Lineage() {}

    /// Blocks of one stream and resolution whose sources another block holds, by the rule of Thanos' deduplication
    /// filter: of equal ones the lower ULID stays. But a block that cannot be read covers nothing, and a range that
    /// is not covered shows that a list of sources lies.
    ///
    /// @param isSound whether a block may stand for another
    static List<Outdated> outdated(Collection<BucketBlock> blocks, Predicate<BucketBlock> isSound) {
        List<BucketBlock> largestFirst = new ArrayList<>(blocks);
        largestFirst.sort(
                Comparator.comparingInt((BucketBlock block) -> -block.sources().size())
                        .thenComparing(block -> !isSound.test(block))
                        .thenComparing(block -> block.meta().id()));
        Map<BlockId, List<Covering>> bySource = new HashMap<>();
        List<Outdated> outdated = new ArrayList<>();
        for (BucketBlock block : largestFirst) {
            BucketBlock by = holder(block, bySource);
            if (by != null) {
                outdated.add(new Outdated(block, by));
            } else if (isSound.test(block)) {
                Covering held = new Covering(block, new HashSet<>(block.sources()));
                for (BlockId source : held.sources()) {
                    bySource.computeIfAbsent(source, _ -> new ArrayList<>(1)).add(held);
                }
            }
        }
        return outdated;
    }

    /// @param by holds all that the block does
    record Outdated(BucketBlock block, BucketBlock by) {}

    private record Covering(BucketBlock block, Set<BlockId> sources) {}

    private static @Nullable BucketBlock holder(BucketBlock block, Map<BlockId, List<Covering>> bySource) {
        List<Covering> candidates = bySource.getOrDefault(block.sources().getFirst(), List.of());
        return candidates.stream()
                .limit(COMPARED_MAX)
                .filter(held ->
                        contains(held.block().meta().range(), block.meta().range(), 0))
                .filter(held -> held.sources().containsAll(block.sources()))
                .map(Covering::block)
                .findFirst()
                .orElse(null);
    }

    /// Whether the outer range reaches over the inner one but for the margin at each end.
    static boolean contains(TimeRange outer, TimeRange inner, long marginMillis) {
        return outer.minTime() - marginMillis <= inner.minTime() && outer.maxTime() + marginMillis >= inner.maxTime();
    }

    static Set<BlockId> sources(Collection<BucketBlock> blocks) {
        Set<BlockId> sources = new HashSet<>();
        blocks.forEach(block -> sources.addAll(block.sources()));
        return sources;
    }

    static TimeRange hull(Collection<BucketBlock> blocks) {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (BucketBlock block : blocks) {
            min = Math.min(min, block.meta().range().minTime());
            max = Math.max(max, block.meta().range().maxTime());
        }
        return new TimeRange(min, max);
    }
}
