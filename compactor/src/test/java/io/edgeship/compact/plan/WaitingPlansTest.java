package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a window waits for: blocks that a site owes, and late ones that may follow.
class WaitingPlansTest extends PlannerBed {
    @ParameterizedTest
    @CsvSource({
        "40, 39, true", // made until six hours after
        "48, 49, true",
        "54, 53, false",
        "38, 49, true",
    })
    void aWindowWaitsForABlockThatItsSiteOwes(long madeAtHour, long lastContact, boolean waits) {
        raw(0, 48);
        blocks.remove(20);
        raw(48, 52);
        report(Math.max(lastContact, 60), true, new BlockId(((W + madeAtHour) * HOUR) << 16, 5));

        assertThat(plan(60).plans().isEmpty()).isEqualTo(waits);
        if (waits) {
            assertThat(left(60, 0)).contains("owes block");
        }
    }

    @ParameterizedTest
    @CsvSource({"383, true", "385, false"}) // 48 h and 14 d
    void aSiteInContactIsWaitedForUntilTheHoldEnds(long now, boolean waits) {
        raw(0, 46);
        report(now, true, new BlockId(((W + 48) * HOUR) << 16, 5));
        rules = rulesOfTwoDays();

        assertThat(plan(now).plans().isEmpty()).isEqualTo(waits);
    }

    @Test
    void aSilentSiteIsWaitedForFromItsLastContactOnly() {
        raw(0, 40);
        report(40, true);
        rules = rulesOfTwoDays();

        assertThat(plan(40 + 14 * DAY - 1).plans()).isEmpty();
        assertThat(plan(40 + 14 * DAY + 1).plans()).hasSize(1);
    }

    @Test
    void aHeartbeatThatIsNotUnderstoodMakesItsSiteWait() {
        raw(0, 52);
        report(54, false);

        assertThat(left(55, 0)).contains("cannot be understood");
        assertThat(plan(48 + 14 * DAY + 1).plans()).isNotEmpty();
    }

    @Test
    void whatASiteOwedAndIsThereIsNotWaitedFor() {
        raw(0, 52);
        report(54, true, blocks.get(3).meta().id());

        assertThat(plan(55).plans()).hasSize(1);
    }

    @Test
    void lateBlocksAreMergedIntoTheCompactedOneTogetherOnceTheyStopComing() {
        BlockId source = new BlockId((W * HOUR) << 16, 1);
        blocks.add(block(0, 336).compacted(source).get());
        blocks.add(block(10, 12).arrived(W + 1000).get());
        blocks.add(block(12, 14).arrived(W + 1010).get());

        assertThat(left(1011, 1)).contains("more late blocks may follow");
        CompactionPlan plan = only(1023);

        assertThat(plan.sources()).hasSize(3);
        assertThat(plan.isVertical()).isTrue();
        assertThat(plan.resolutions()).contains(0L, FIVE, Sieve.ONE_HOUR);
    }
}
