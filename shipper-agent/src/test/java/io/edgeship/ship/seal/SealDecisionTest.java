package io.edgeship.ship.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Windows are 100 ms long: w(0) is [0, 100).
class SealDecisionTest {
    private static final BlockId A = new BlockId(1, 1);
    private static final BlockId B = new BlockId(1, 2);
    private static final BlockId C = new BlockId(1, 3);
    private static final BlockId X = new BlockId(1, 7);
    private static final BlockId M = new BlockId(1, 9);
    private static final Flaw XOR2 = new Flaw.Mendable("xor2");

    @Test
    void aBlockOfItsOwnWindowIsOnlyLinked() {
        assertThat(thanos(block(A, w(0)), List.of(block(B, w(1))), shipped(w(2), C)))
                .isEqualTo(new SealPlan.Plain());
    }

    @Test
    void whatAStockThanosCannotReadIsWrittenAnew() {
        assertThat(thanos(block(A, w(0)).with(XOR2), List.of()))
                .isEqualTo(new SealPlan.Rewrite(List.of(A), List.of(A), Optional.empty(), List.of(A), "xor2"));
    }

    @Test
    void whatIsToBeReducedIsWrittenAnewOnce() {
        assertThat(thanos(block(A, w(0)).unreduced(), List.of())).isInstanceOf(SealPlan.Rewrite.class);
        assertThat(thanos(block(A, w(0)), List.of())).isInstanceOf(SealPlan.Plain.class);
    }

    @Test
    void whatNobodyHereCanReadIsHeld() {
        assertThat(edgeship(block(A, w(0)).with(new Flaw.Unknown("encoding 9")), List.of()))
                .isEqualTo(new SealPlan.Hold("encoding 9"));
    }

    @Test
    void anExtraBlockWaitsForTheRegularOneOfItsWindow() {
        assertThat(thanos(block(X, w(1)).asExtra(), List.of(block(A, w(0))), shipped(w(-1), B)))
                .isInstanceOf(SealPlan.Wait.class);
    }

    @Test
    void anExtraBlockGoesOnItsOwnOnceALaterRegularBlockWaits() {
        assertThat(thanos(block(X, w(1)).asExtra(), List.of(block(A, w(2))))).isEqualTo(new SealPlan.Plain());
    }

    @Test
    void anExtraBlockGoesOnItsOwnOnceALaterWindowWasShipped() {
        assertThat(thanos(block(X, w(1)).asExtra(), List.of(), shipped(w(2), A)))
                .isEqualTo(new SealPlan.Plain());
    }

    @Test
    void anExtraBlockGoesOnItsOwnAfterTwelveWindows() {
        WaitingBlock extra = block(X, w(1)).asExtra().block();
        assertThat(decide(extra, List.of(), List.of(), false, 1399)).isInstanceOf(SealPlan.Wait.class);
        assertThat(decide(extra, List.of(), List.of(), false, 1400)).isEqualTo(new SealPlan.Plain());
    }

    /// Else it would wait until those years have passed.
    @Test
    void anExtraBlockOfAFarFutureGoesOnItsOwnOnceTheClockWasSetBack() {
        WaitingBlock extra = block(X, w(100)).asExtra().block();
        assertThat(decide(extra, List.of(), List.of(), false, 8901)).isInstanceOf(SealPlan.Wait.class);
        assertThat(decide(extra, List.of(), List.of(), false, 8900)).isEqualTo(new SealPlan.Plain());
    }

    @Test
    void anotherExtraBlockIsNotWhatAnExtraBlockWaitsFor() {
        assertThat(thanos(
                        block(X, w(1)).asExtra(),
                        List.of(block(A, w(1)).asExtra(), block(B, w(2)).asExtra())))
                .isInstanceOf(SealPlan.Wait.class);
    }

    @Test
    void aRegularBlockTakesItsExtraBlocksIn() {
        SealPlan merged = merge(A, X);
        assertThat(thanos(block(A, w(0)), List.of(block(X, w(0)).asExtra(), block(B, w(1)))))
                .isEqualTo(merged);
        assertThat(thanos(block(X, w(0)).asExtra(), List.of(block(A, w(0)), block(B, w(1)))))
                .isEqualTo(merged);
    }

    @Test
    void blocksThatOverlapThroughAThirdOneBecomeOne() {
        assertThat(thanos(
                        block(A, new TimeRange(0, 100)),
                        List.of(block(X, new TimeRange(50, 150)), block(B, new TimeRange(140, 200)), block(C, w(2)))))
                .isEqualTo(merge(A, B, X));
    }

    @Test
    void whatAnotherOfThemHoldsWholeIsNotReadButGoes() {
        SealPlan plan = thanos(
                block(X, w(0)).asExtra(),
                List.of(
                        block(A, w(0)),
                        block(B, w(1)),
                        block(M, new TimeRange(0, 200)).of(A, B)));
        assertThat(plan)
                .isEqualTo(new SealPlan.Rewrite(
                        List.of(X, M), List.of(A, B, X, M), Optional.empty(), List.of(A, B, X), reason(plan)));
    }

    @Test
    void nothingIsMergedWhileAnotherOfTheWindowMayFollow() {
        assertThat(thanos(block(A, w(0)).fresh(), List.of(block(X, w(0)).asExtra())))
                .isInstanceOf(SealPlan.Wait.class);
        assertThat(thanos(block(A, w(0)).fresh().with(XOR2), List.of())).isInstanceOf(SealPlan.Wait.class);
        assertThat(thanos(block(A, w(0)).fresh(), List.of())).isEqualTo(new SealPlan.Plain());
    }

    @Test
    void whatIsOnItsWayCountsAsShipped() {
        assertThat(thanos(block(X, w(0)).asExtra(), List.of(block(A, w(0)).asBound())))
                .isInstanceOf(SealPlan.Hold.class);
        assertThat(edgeship(block(X, w(0)).asExtra(), List.of(block(A, w(0)).asBound())))
                .isInstanceOf(SealPlan.Late.class);
    }

    @Test
    void aLateBlockIsSentAsLateWhereTheCentreMergesItAndHeldElsewhere() {
        assertThat(edgeship(block(X, w(0)).asExtra(), List.of(), shipped(w(0), A)))
                .isInstanceOf(SealPlan.Late.class);
        assertThat(thanos(block(X, w(0)).asExtra(), List.of(), shipped(w(0), A)))
                .isInstanceOf(SealPlan.Hold.class);
    }

    @Test
    void aWindowThatWasCutAgainIsLateThoughNobodyKnowsAnyMoreWhatWasShipped() {
        assertThat(edgeship(block(B, w(0)), List.of(), new ShippedWindow(w(0), Set.of())))
                .isInstanceOf(SealPlan.Late.class);
        assertThat(thanos(block(B, w(0)), List.of(), new ShippedWindow(w(0), Set.of())))
                .isInstanceOf(SealPlan.Hold.class);
    }

    @Test
    void aLateBlockIsMendedBeforeItIsSent() {
        assertThat(edgeship(block(X, w(0)).with(XOR2), List.of(), shipped(w(0), A)))
                .isEqualTo(new SealPlan.Rewrite(List.of(X), List.of(X), Optional.empty(), List.of(X), "xor2"));
    }

    @Test
    void aMergeAcrossShippedAndUnsentWindowsIsCutToTheUnsentOnes() {
        WaitingBlock merged = block(M, new TimeRange(0, 200))
                .of(A, B)
                .parent(A, w(0))
                .parent(B, w(1))
                .block();
        for (boolean mergesLate : List.of(true, false)) {
            SealPlan plan = decide(merged, List.of(), List.of(shipped(w(0), A)), mergesLate, 0);
            assertThat(plan)
                    .isEqualTo(new SealPlan.Rewrite(
                            List.of(M), List.of(M), Optional.of(w(1)), List.of(B, M), reason(plan)));
        }
    }

    @Test
    void twoUnsentStretchesBecomeTwoBlocksAndTheMergedOneGoesWithTheLast() {
        WaitingBlock merged = block(M, new TimeRange(0, 300))
                .of(A, B, C)
                .parent(A, w(0))
                .parent(B, w(1))
                .parent(C, w(2))
                .block();
        SealPlan first = decide(merged, List.of(), List.of(shipped(w(1), B)), false, 0);
        assertThat(first)
                .isEqualTo(new SealPlan.Rewrite(
                        List.of(M), List.of(), Optional.of(w(0)), List.of(A, C, M), reason(first)));
        WaitingBlock part = block(new BlockId(2, 2), w(0)).of(A, C, M).block();
        SealPlan last = decide(merged, List.of(part), List.of(shipped(w(1), B)), false, 0);
        assertThat(last)
                .isEqualTo(new SealPlan.Rewrite(
                        List.of(M), List.of(M), Optional.of(w(2)), List.of(A, C, M), reason(last)));
    }

    /// An out-of-order block that was merged before anybody saw it: its samples lie in the shipped window.
    @Test
    void whereSamplesMayBeNewInAShippedWindowNothingIsCutAway() {
        WaitingBlock merged = block(M, new TimeRange(0, 200))
                .of(A, X, B)
                .parent(A, w(0))
                .parent(B, w(1))
                .block();
        assertThat(decide(merged, List.of(), List.of(shipped(w(0), A)), true, 0))
                .isInstanceOf(SealPlan.Late.class);
        SealPlan part = decide(merged, List.of(), List.of(shipped(w(0), A)), false, 0);
        assertThat(part)
                .as("the rest goes, the block stays")
                .isEqualTo(new SealPlan.Rewrite(List.of(M), List.of(), Optional.of(w(1)), List.of(M), reason(part)));
        WaitingBlock cut = block(new BlockId(2, 2), w(1)).of(M).block();
        assertThat(decide(merged, List.of(cut), List.of(shipped(w(0), A)), false, 0))
                .isInstanceOf(SealPlan.Hold.class);
        assertThat(decide(merged, List.of(), List.of(shipped(w(0), A), shipped(w(1), M)), false, 0))
                .as("and when the part was shipped")
                .isInstanceOf(SealPlan.Hold.class);
    }

    @Test
    void aBlockOfWhichAllWasShippedInOthersOrInPartsIsLetGo() {
        Facts merged = block(M, new TimeRange(0, 200)).of(A, X, B).parent(B, w(1));
        ShippedWindow part = shipped(w(1), M);
        assertThat(thanos(merged, List.of(), shipped(w(0), A, X), part)).isEqualTo(new SealPlan.Nothing());
        assertThat(thanos(merged, List.of(), shipped(w(0), A), part)).isInstanceOf(SealPlan.Hold.class);
    }

    /// Its part bears its name, which says nothing of what lies in windows of others.
    @Test
    void aBlockOfWhichOnePartWasShippedStaysWhenTheNextIsCutOut() {
        SealPlan next = thanos(
                block(A, new TimeRange(0, 300)), List.of(), shipped(w(0), A), shipped(new TimeRange(100, 150), B));
        assertThat(next)
                .isEqualTo(new SealPlan.Rewrite(
                        List.of(A), List.of(), Optional.of(new TimeRange(150, 300)), List.of(A), reason(next)));
    }

    /// No less so with the last of them: what it has in the window of another is nowhere else.
    @Test
    void aBlockThatReachesIntoAWindowOfAnotherIsHeldOnceItsPartsWereShipped() {
        SealPlan left = thanos(
                block(A, new TimeRange(50, 200)), List.of(), shipped(w(0), B), shipped(new TimeRange(100, 200), A));
        assertThat(left).isInstanceOf(SealPlan.Hold.class);
    }

    /// What is left of it lies in windows of others.
    @Test
    void aBlockOfOneSourceThatWasCutIsNotLetGoForItsPartNamesIt() {
        assertThat(thanos(block(A, new TimeRange(0, 200)), List.of(), shipped(w(0), B), shipped(w(1), A)))
                .isInstanceOf(SealPlan.Hold.class);
    }

    @Test
    void whatCannotBeWrittenAnewIsNeitherMergedNorCut() {
        Facts bound = block(A, w(0)).asBound();
        assertThat(thanos(bound, List.of(block(X, w(0))))).isEqualTo(new SealPlan.Plain());
        assertThat(thanos(bound, List.of(), shipped(new TimeRange(0, 50), B))).isInstanceOf(SealPlan.Hold.class);
        assertThat(edgeship(bound, List.of(), shipped(new TimeRange(0, 50), B))).isInstanceOf(SealPlan.Late.class);
    }

    @Test
    void aBlockThatOnlyReachesIntoAShippedWindowLosesNoneOfItsRest() {
        SealPlan plan = thanos(block(B, new TimeRange(50, 200)), List.of(), shipped(w(0), A));
        assertThat(plan)
                .isEqualTo(new SealPlan.Rewrite(
                        List.of(B), List.of(), Optional.of(new TimeRange(100, 200)), List.of(B), reason(plan)));
    }

    @Test
    void aPartThatWasMergedWithABlockBeyondIsNotCutOutAgain() {
        WaitingBlock merged = block(M, new TimeRange(0, 200)).block();
        WaitingBlock beyond =
                block(new BlockId(2, 2), new TimeRange(100, 300)).of(M, B).block();
        assertThat(decide(merged, List.of(beyond), List.of(shipped(w(0), A)), false, 0))
                .isInstanceOf(SealPlan.Hold.class);
    }

    @Test
    void aRecordThatCoversNoTimeIsInNobodysWay() {
        assertThat(thanos(block(A, new TimeRange(-50, 50)), List.of(), shipped(new TimeRange(0, 0), B)))
                .isEqualTo(new SealPlan.Plain());
    }

    private static TimeRange w(int number) {
        return new TimeRange(number * 100L, number * 100L + 100);
    }

    private static ShippedWindow shipped(TimeRange range, BlockId... sources) {
        return new ShippedWindow(range, Set.of(sources));
    }

    private static SealPlan merge(BlockId... blocks) {
        String reason = blocks.length + " blocks of one window become one";
        return new SealPlan.Rewrite(List.of(blocks), List.of(blocks), Optional.empty(), List.of(blocks), reason);
    }

    private static String reason(SealPlan plan) {
        return plan instanceof SealPlan.Rewrite rewrite ? rewrite.reason() : "not written anew: " + plan;
    }

    private static SealPlan thanos(Facts block, List<Facts> others, ShippedWindow... shipped) {
        return decide(block.block(), others.stream().map(Facts::block).toList(), List.of(shipped), false, 0);
    }

    private static SealPlan edgeship(Facts block, List<Facts> others, ShippedWindow... shipped) {
        return decide(block.block(), others.stream().map(Facts::block).toList(), List.of(shipped), true, 0);
    }

    private static SealPlan decide(
            WaitingBlock block,
            List<WaitingBlock> others,
            List<ShippedWindow> shipped,
            boolean mergesLate,
            long nowMillis) {
        return SealDecision.decide(
                block, others, shipped, new SealDecision.Rules(mergesLate, Instant.ofEpochMilli(nowMillis)));
    }

    private static Facts block(BlockId id, TimeRange range) {
        return new Facts(new WaitingBlock(id, range, false, Set.of(id), Map.of(), true, false, true, new Flaw.None()));
    }

    /// A block with one thing after the other changed.
    private record Facts(WaitingBlock block) {
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
