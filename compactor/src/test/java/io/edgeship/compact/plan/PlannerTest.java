package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The windows that are planned, how large they may be, and in which order.
class PlannerTest extends PlannerBed {
    @Test
    void aBacklogGoesToTheLargestWindowInOneHop() {
        raw(0, 338);

        CompactionPlan plan = only(340);

        assertThat(plan.sources()).hasSize(168);
        assertThat(plan.resolutions()).containsExactly(0L, FIVE, Sieve.ONE_HOUR);
        assertThat(plan.outdated()).isEqualTo(plan.sources());
        assertThat(plan.isVertical()).isFalse();
    }

    /// 8 h are left out: 2 d have no more than 24 blocks of 2 h.
    @Test
    void inARunningWindowTwoDaysAreTheFirstStep() {
        raw(0, 52);

        CompactionPlan plan = only(54);

        assertThat(plan.sources()).hasSize(24);
        assertThat(plan.resolutions()).containsExactly(0L, FIVE);
    }

    @Test
    void aWindowThatIsNotOverWaits() {
        raw(0, 46);

        assertThat(left(47, 0)).contains("is not over; waits until " + Words.time((W + 48) * HOUR));
    }

    @Test
    void windowsBefore1970AreAlignedToo() {
        for (long hour = -336; hour < 2; hour += 2) {
            blocks.add(
                    TestBlock.of("a", hour, hour + 2).number((int) hour + 400).get());
        }

        Planned planned = Planner.plan(view(), Instant.ofEpochMilli(4 * HOUR), rules);

        assertThat(planned.plans().getFirst().sources()).hasSize(168);
    }

    @Test
    void aBigRawBlockThatIsNotDownsampledIsDownsampledAlone() {
        blocks.add(block(0, 336).compacted(new BlockId(5, 5), new BlockId(5, 6)).get());

        CompactionPlan plan = only(400);

        assertThat(plan.sources()).hasSize(1);
        assertThat(plan.resolutions()).containsExactly(FIVE, Sieve.ONE_HOUR);
        assertThat(plan.outdated()).isEmpty();
    }

    @Test
    void anHourIsMadeOfFiveMinutesThatAreThere() {
        List<BlockId> sources = List.of(new BlockId(5, 5), new BlockId(5, 6));
        blocks.add(block(0, 336).compacted(sources).get());
        blocks.add(block(0, 336).compacted(sources).resolution(FIVE).get());

        CompactionPlan plan = only(400);

        assertThat(plan.stream().resolutionMillis()).isEqualTo(FIVE);
        assertThat(plan.resolutions()).containsExactly(Sieve.ONE_HOUR);
    }

    @Test
    void whereRawIsGoneALateBlockIsDownsampledAloneAndThenMergedIn() {
        List<BlockId> sources = List.of(new BlockId(5, 5), new BlockId(5, 6));
        blocks.add(block(0, 336).compacted(sources).resolution(FIVE).get());
        blocks.add(block(0, 336).compacted(sources).resolution(Sieve.ONE_HOUR).get());
        blocks.add(block(10, 12).arrived(W + 1000).get());
        assertThat(left(1001, 2)).contains("more late blocks may follow");

        SymbolicBucket bucket = new SymbolicBucket(rules, "late");
        blocks.forEach(bucket::add);
        bucket.settle((W + 1100) * HOUR, List.of());

        assertThat(bucket.blocks())
                .extracting(BucketBlock::resolutionMillis)
                .containsExactlyInAnyOrder(0L, FIVE, Sieve.ONE_HOUR);
    }

    @Test
    void aSiteOfEightHoursADayGetsFiveMinutesForTwoDays() {
        for (long day = 0; day < 3; day++) {
            raw(day * DAY, day * DAY + 8);
        }

        assertThat(only(60).resolutions()).containsExactly(0L, FIVE);
    }

    @Test
    void theSourceWithTheLargestIndexIsLeftOutOfWhatWouldExceedTheLimit() {
        raw(0, 52);
        blocks.set(23, block(46, 48).indexBytes(900_000).get());
        rules = rules(Overlaps.ONE_TO_ONE, 4L << 30, 3_000_000);

        assertThat(plan(60).plans()).hasSize(2);
        assertThat(plan(60).plans().getFirst().sources()).hasSize(23);
        assertThat(plan(60).plans().getLast().why()).contains("index-size-exceeding");
    }

    @Test
    void aPlanOverTheBudgetTakesShorterWindows() {
        raw(0, 338);
        rules = rules(Overlaps.ONE_TO_ONE, 80L << 20, 64L << 30);

        assertThat(plan(340).plans())
                .hasSize(7)
                .allSatisfy(plan -> assertThat(plan.sources()).hasSize(24));
    }

    @Test
    void whatNoBudgetAllowsIsRefusedWithTheFigure() {
        raw(0, 52);
        rules = rules(Overlaps.ONE_TO_ONE, 1 << 20, 64L << 30);

        Planned planned = plan(60);

        assertThat(planned.plans()).isEmpty();
        assertThat(planned.left().get(blocks.getFirst().meta().id())).contains("memory, more than memory_budget of 1");
    }

    @Test
    void theOrderOfTheViewDecidesNothing() {
        raw(0, 338);
        Planned before = plan(340);
        Collections.reverse(blocks);

        assertThat(plan(340)).isEqualTo(before);
    }

    @Test
    void everyStreamGetsATurnBeforeAnyGetsItsSecond() {
        raw(0, 100);
        for (long hour = 48; hour < 100; hour += 2) {
            blocks.add(TestBlock.of("b", W + hour, W + hour + 2).get());
        }

        assertThat(plan(102).plans())
                .extracting(plan -> plan.stream().labels().get("site"))
                .containsExactly("a", "b", "a");
    }

    @Test
    void replicasAreOneStream() {
        raw(0, 52);
        for (long hour = 0; hour < 52; hour += 2) {
            blocks.add(block(hour, hour + 2).number(3).label("replica", "1").get());
        }
        rules = rulesOfReplicas("replica");

        CompactionPlan plan = only(60);

        assertThat(plan.sources()).hasSize(48);
        assertThat(plan.stream().labels()).isEqualTo(TestBlock.site("a"));
    }
}
