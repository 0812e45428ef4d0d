package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SiteReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hours count from W, where a window of 14 days begins; it is 336 hours long.
class PlannerTest {
    private static final long W = 336 * 1400;
    private static final long FIVE = Sieve.FIVE_MINUTES;
    private static final long DAY = 24;

    private final List<BucketBlock> blocks = new ArrayList<>();
    private final List<SiteReport> reports = new ArrayList<>();
    private PlanRules rules = PlanRules.defaults("site", 4L << 30);

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

    @Test
    void outOfOrderBlocksYieldToRegularOnes() {
        blocks.add(block(0, 2).hint("from-out-of-order").get());
        blocks.add(block(0, 2).number(9).get());
        blocks.add(block(46, 48).number(9).get());
        blocks.add(block(48, 50).get());

        List<BucketBlock> sources = only(52).sources();

        assertThat(sources.getLast().meta().compaction().hints()).containsExactly("from-out-of-order");
    }

    @Test
    void overlapsThatAreRefusedAreLeftAlone() {
        blocks.add(block(0, 2).get());
        blocks.add(block(0, 2).number(9).get());
        blocks.add(block(48, 50).get());
        rules = rules(Overlaps.REFUSE, 4L << 30, 64L << 30);

        assertThat(plan(52).plans()).hasSize(2).allSatisfy(plan -> {
            assertThat(plan.resolutions()).doesNotContain(0L);
            assertThat(plan.why()).contains("overlaps with another block, which is refused");
        });
    }

    @Test
    void aBlockWhoseSourcesAnotherHoldsIsOutdated() {
        BucketBlock small = block(0, 2).get();
        BucketBlock large =
                block(0, 8).compacted(small.meta().id(), new BlockId(5, 5)).get();
        blocks.add(small);
        blocks.add(large);

        assertThat(plan(10).marks())
                .extracting(mark -> mark.block().meta().id())
                .containsExactly(small.meta().id());
    }

    @Test
    void ofTwoBlocksWithTheSameSourcesTheLowerUlidStaysUnlessItCannotBeRead() {
        List<BlockId> sources = List.of(new BlockId(5, 5), new BlockId(5, 6));
        BucketBlock low = block(0, 8).compacted(sources).get();
        BucketBlock high = block(0, 8).number(20).compacted(sources).get();
        assertThat(marked(low, high)).containsExactly(high.meta().id());

        BucketBlock broken = block(0, 8).compacted(sources).missing("index").get();
        assertThat(marked(broken, high)).containsExactly(broken.meta().id());
    }

    /// Else a hostile list of sources would have the blocks of honest writers deleted.
    @Test
    void whoClaimsSourcesWithoutTheirTimeCoversNothing() {
        BucketBlock honest = block(0, 2).get();
        BucketBlock liar = block(4, 6)
                .sources(List.of(honest.meta().id(), new BlockId(1, 1)))
                .get();

        assertThat(marked(honest, liar)).isEmpty();
    }

    @Test
    void aBlockThatNamesNoSourcesIsNobodysSubset() {
        assertThat(marked(
                        block(0, 2).sources(List.of()).get(),
                        block(0, 2).number(9).get()))
                .isEmpty();
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

    @ParameterizedTest
    @CsvSource({
        "no-compact, is marked no-compact",
        "marked, is marked for deletion",
        "missing, lacks files: index",
        "unexpected, has files that it does not list",
        "resolution, which no reader knows",
        "failed, says that compacting it failed",
        "young, younger than the consistency delay",
        "future, in the future",
        "unlabelled, has no external labels",
        "point, claims a range of time that no block has",
        "absurd, claims a range of time that no block has",
        "liar, says that it is empty and is not",
    })
    void whatCannotBeTakenStopsNobody(String what, String why) {
        raw(0, 52);
        BucketBlock strange = strange(what);
        blocks.set(5, strange);

        Planned planned = plan(60);

        assertThat(planned.left().get(strange.meta().id())).contains(why);
        assertThat(planned.plans().isEmpty()).isEqualTo(what.equals("young"));
    }

    private BucketBlock strange(String what) {
        TestBlock block = block(10, 12);
        return switch (what) {
            case "no-compact" -> block.noCompact().noDownsample().get();
            case "marked" -> block.marked(W + 20).get();
            case "missing" -> block.missing("index").get();
            case "unexpected" -> block.unexpected("chunks/x").get();
            case "resolution" -> block.resolution(17).get();
            case "failed" -> block.failed().get();
            case "young" -> block.arrivedMillis((W + 60) * HOUR - 1).get();
            case "future" -> block.arrivedMillis(Long.MAX_VALUE / 2000 * 1000).get();
            case "unlabelled" -> block.withoutLabels().get();
            case "point" -> TestBlock.millis("a", 5, 5).number(8).get();
            case "absurd" ->
                TestBlock.millis("a", Long.MIN_VALUE, Long.MAX_VALUE).number(8).get();
            case "liar" -> liar(block.samples(0).get());
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static BucketBlock liar(BucketBlock empty) {
        return new BucketBlock(empty.meta(), 1 << 20, List.of(), List.of(), null, false, false);
    }

    @Test
    void nothingIsMergedOverABlockThatMayNotBeTouched() {
        raw(0, 52);
        blocks.set(5, block(10, 12).noCompact().noDownsample().get());

        assertThat(plan(60).plans()).extracting(plan -> plan.sources().size()).containsExactly(5, 18);
    }

    @Test
    void anEmptyBlockIsMarkedOnly() {
        blocks.add(block(0, 2).samples(0).indexBytes(200).get());

        assertThat(plan(60).marks()).extracting(Planned.Marking::kind).containsExactly(Planned.Kind.EMPTY);
    }

    @Test
    void whatIsOutsideOfTheSelectorIsNotTouched() {
        raw(0, 52);
        rules = rules(labels -> !"a".equals(labels.get("site")));

        Planned planned = plan(60);

        assertThat(planned.plans()).isEmpty();
        assertThat(planned.left())
                .hasSize(26)
                .allSatisfy((_, why) -> assertThat(why).contains("selector"));
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
        rules = rules(Overlaps.ONE_TO_ONE, 90L << 20, 64L << 30);

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
        PlanRules ofReplicas = new PlanRules(
                rules.ranges(),
                24,
                true,
                true,
                rules.fiveMinutesFrom(),
                rules.oneHourFrom(),
                rules.holdMax(),
                rules.lateWait(),
                rules.consistencyDelay(),
                "site",
                Set.of("replica"),
                Overlaps.PENALTY,
                PlanRules.Expiry.NEVER,
                4L << 30,
                64L << 30,
                _ -> true);
        rules = ofReplicas;

        CompactionPlan plan = only(60);

        assertThat(plan.sources()).hasSize(48);
        assertThat(plan.stream().labels()).isEqualTo(TestBlock.site("a"));
    }

    @Test
    void aDryRunTellsAllAndWhyTellsOfOne() {
        raw(0, 52);
        Planned planned = plan(60);

        String table = PlanTable.print(planned);
        assertThat(table).contains("plan 1: 24 blocks", "requests", "of memory", "left: " + id(25));
        assertThat(PlanTable.json(planned).toString()).contains("\"plans\":[{\"labels\":{\"site\":\"a\"}");
        assertThat(Why.of(view(), planned, id(0))).anyMatch(text -> text.contains("a source of plan 1"));
        assertThat(Why.of(view(), planned, id(25))).anyMatch(text -> text.startsWith("It is in no plan: it waits"));
        assertThat(Why.of(view(), planned, new BlockId(1, 1)))
                .containsExactly("There is no block " + new BlockId(1, 1) + " in the bucket.");
    }

    @Test
    void aDryRunNamesAFewBlocksOfAPlanAndTheJsonAllOfThem() throws Exception {
        raw(0, 48);
        Planned planned = plan(60);

        assertThat(PlanTable.print(planned).lines().filter(line -> line.startsWith("  from ")))
                .hasSize(5);
        assertThat(PlanTable.print(planned)).contains("  and 19 more");
        assertThat(PlanTable.json(planned).objects("plans").getFirst().texts("sources"))
                .hasSize(24);
    }

    private BlockId id(int index) {
        return blocks.get(index).meta().id();
    }

    private void raw(long from, long to) {
        for (long hour = from; hour < to; hour += 2) {
            blocks.add(block(hour, hour + 2).get());
        }
    }

    private static TestBlock block(long from, long to) {
        return TestBlock.of("a", W + from, W + to);
    }

    private void report(long hour, boolean isUnderstood, BlockId... owed) {
        reports.add(new SiteReport(
                "a", "i", (W + hour) * HOUR, isUnderstood, owed.length, 0, List.of(owed), 0, 0, Set.of(), 0));
    }

    private BucketView view() {
        return new BucketView(blocks, List.of(), reports, Map.of(), List.of());
    }

    private Planned plan(long hour) {
        return Planner.plan(view(), Instant.ofEpochMilli((W + hour) * HOUR), rules);
    }

    private CompactionPlan only(long hour) {
        List<CompactionPlan> plans = plan(hour).plans();
        assertThat(plans).hasSize(1);
        return plans.getFirst();
    }

    private String left(long hour, int index) {
        return plan(hour).left().getOrDefault(id(index), "is planned");
    }

    private List<BlockId> marked(BucketBlock... present) {
        blocks.clear();
        blocks.addAll(List.of(present));
        return plan(10).marks().stream().map(mark -> mark.block().meta().id()).toList();
    }

    private PlanRules rulesOfTwoDays() {
        return rules(
                List.of(rules.ranges().get(0), rules.ranges().get(2)),
                rules.overlaps(),
                4L << 30,
                64L << 30,
                _ -> true);
    }

    private PlanRules rules(Overlaps overlaps, long memoryBytes, long indexBytes) {
        return rules(rules.ranges(), overlaps, memoryBytes, indexBytes, _ -> true);
    }

    private PlanRules rules(Predicate<Map<String, String>> selector) {
        return rules(rules.ranges(), Overlaps.ONE_TO_ONE, 4L << 30, 64L << 30, selector);
    }

    private PlanRules rules(
            List<Duration> ranges,
            Overlaps overlaps,
            long memoryBytes,
            long indexBytes,
            Predicate<Map<String, String>> selector) {
        return new PlanRules(
                ranges,
                rules.partsMax(),
                true,
                true,
                rules.fiveMinutesFrom(),
                rules.oneHourFrom(),
                rules.holdMax(),
                rules.lateWait(),
                rules.consistencyDelay(),
                "site",
                Set.of(),
                overlaps,
                PlanRules.Expiry.NEVER,
                memoryBytes,
                indexBytes,
                selector);
    }
}
