package io.edgeship.ship.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.ship.seal.WaitingBlock.Flaw;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which blocks are linked, written anew, merged, or waited for.
class SealDecisionTest extends SealBed {
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
}
