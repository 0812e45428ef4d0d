package io.edgeship.ship.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What becomes of a block that reaches into windows that were shipped: cut, sent as late, held, or let go.
class ShippedWindowsTest extends SealBed {
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
}
