package io.edgeship.ship.seal;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Blocks that wait, and what is decided of them. Windows are 100 ms long: w(0) is [0, 100).
abstract class SealBed {
    static final BlockId A = new BlockId(1, 1);
    static final BlockId B = new BlockId(1, 2);
    static final BlockId C = new BlockId(1, 3);
    static final BlockId X = new BlockId(1, 7);
    static final BlockId M = new BlockId(1, 9);
    static final Flaw XOR2 = new Flaw.Mendable("xor2");

    static TimeRange w(int number) {
        return new TimeRange(number * 100L, number * 100L + 100);
    }

    static ShippedWindow shipped(TimeRange range, BlockId... sources) {
        return new ShippedWindow(range, Set.of(sources));
    }

    static SealPlan merge(BlockId... blocks) {
        String reason = blocks.length + " blocks of one window become one";
        return new SealPlan.Rewrite(List.of(blocks), List.of(blocks), Optional.empty(), List.of(blocks), reason);
    }

    static String reason(SealPlan plan) {
        return plan instanceof SealPlan.Rewrite rewrite ? rewrite.reason() : "not written anew: " + plan;
    }

    static SealPlan thanos(Facts block, List<Facts> others, ShippedWindow... shipped) {
        return decide(block.block(), others.stream().map(Facts::block).toList(), List.of(shipped), false, 0);
    }

    static SealPlan edgeship(Facts block, List<Facts> others, ShippedWindow... shipped) {
        return decide(block.block(), others.stream().map(Facts::block).toList(), List.of(shipped), true, 0);
    }

    static SealPlan decide(
            WaitingBlock block,
            List<WaitingBlock> others,
            List<ShippedWindow> shipped,
            boolean mergesLate,
            long nowMillis) {
        return SealDecision.decide(
                block, others, shipped, new SealDecision.Rules(mergesLate, Instant.ofEpochMilli(nowMillis)));
    }

    static Facts block(BlockId id, TimeRange range) {
        return new Facts(new WaitingBlock(id, range, false, Set.of(id), Map.of(), true, false, true, new Flaw.None()));
    }

    /// A block with one thing after the other changed.
    record Facts(WaitingBlock block) {
        Facts with(Flaw flaw) {
            return of(
                    block.extra(),
                    block.origins(),
                    block.parents(),
                    block.settled(),
                    block.bound(),
                    block.reduced(),
                    flaw);
        }

        Facts asExtra() {
            return of(
                    true,
                    block.origins(),
                    block.parents(),
                    block.settled(),
                    block.bound(),
                    block.reduced(),
                    block.flaw());
        }

        Facts of(BlockId... origins) {
            return of(
                    block.extra(),
                    Set.of(origins),
                    block.parents(),
                    block.settled(),
                    block.bound(),
                    block.reduced(),
                    block.flaw());
        }

        Facts parent(BlockId id, TimeRange range) {
            Map<BlockId, TimeRange> parents = new java.util.HashMap<>(block.parents());
            parents.put(id, range);
            return of(
                    block.extra(),
                    block.origins(),
                    parents,
                    block.settled(),
                    block.bound(),
                    block.reduced(),
                    block.flaw());
        }

        Facts fresh() {
            return of(
                    block.extra(),
                    block.origins(),
                    block.parents(),
                    false,
                    block.bound(),
                    block.reduced(),
                    block.flaw());
        }

        Facts asBound() {
            return of(
                    block.extra(),
                    block.origins(),
                    block.parents(),
                    block.settled(),
                    true,
                    block.reduced(),
                    block.flaw());
        }

        Facts unreduced() {
            return of(
                    block.extra(),
                    block.origins(),
                    block.parents(),
                    block.settled(),
                    block.bound(),
                    false,
                    block.flaw());
        }

        private Facts of(
                boolean extra,
                Set<BlockId> origins,
                Map<BlockId, TimeRange> parents,
                boolean settled,
                boolean bound,
                boolean reduced,
                Flaw flaw) {
            return new Facts(new WaitingBlock(
                    block.id(), block.range(), extra, origins, parents, settled, bound, reduced, flaw));
        }
    }
}
