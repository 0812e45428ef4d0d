package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a planner decided of each block. Not thread-safe.
final class Notes {
    private final List<CompactionPlan> plans = new ArrayList<>();
    private final Set<BlockId> taken = new HashSet<>();
    private final SortedMap<BlockId, String> left = new TreeMap<>();

    /// Takes the plan unless an earlier one takes a block of it: plans run side by side.
    void plan(CompactionPlan plan) {
        List<BucketBlock> blocks = new ArrayList<>(plan.sources());
        blocks.addAll(plan.outdated());
        if (blocks.stream().anyMatch(block -> taken.contains(block.meta().id()))) {
            plan.sources().forEach(block -> left(block, "waits for another plan to be carried out first"));
            return;
        }
        plans.add(plan);
        blocks.forEach(block -> taken.add(block.meta().id()));
    }

    List<CompactionPlan> plans() {
        return plans;
    }

    /// A reason that stands.
    void left(BucketBlock block, String why) {
        left.put(block.meta().id(), why);
    }

    /// The shortest window that waits says most.
    void waits(BucketBlock block, Wait wait) {
        left.put(block.meta().id(), wait.toString());
    }

    /// Nothing is to be done; what it waits for in a longer window says more.
    void settled(BucketBlock block, String why) {
        left.putIfAbsent(block.meta().id(), why);
    }

    /// Reasons of all that is in no plan.
    Map<BlockId, String> left() {
        left.keySet().removeAll(taken);
        return left;
    }
}
