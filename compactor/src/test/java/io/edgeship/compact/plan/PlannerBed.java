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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// A bucket of made-up blocks of site `a`, and what is planned for it. Hours count from W, where a window of 14 days
/// begins; it is 336 hours long.
abstract class PlannerBed {
    static final long W = 336 * 1400;
    static final long FIVE = Sieve.FIVE_MINUTES;
    static final long DAY = 24;

    final List<BucketBlock> blocks = new ArrayList<>();
    final List<SiteReport> reports = new ArrayList<>();
    PlanRules rules = PlanRules.defaults("site", 4L << 30);

    BlockId id(int index) {
        return blocks.get(index).meta().id();
    }

    void raw(long from, long to) {
        for (long hour = from; hour < to; hour += 2) {
            blocks.add(block(hour, hour + 2).get());
        }
    }

    static TestBlock block(long from, long to) {
        return TestBlock.of("a", W + from, W + to);
    }

    void report(long hour, boolean isUnderstood, BlockId... owed) {
        reports.add(new SiteReport(
                "a", "i", (W + hour) * HOUR, isUnderstood, owed.length, 0, List.of(owed), 0, 0, Set.of(), 0, "", 0));
    }

    BucketView view() {
        return new BucketView(blocks, List.of(), reports, Map.of(), List.of());
    }

    Planned plan(long hour) {
        return Planner.plan(view(), Instant.ofEpochMilli((W + hour) * HOUR), rules);
    }

    CompactionPlan only(long hour) {
        List<CompactionPlan> plans = plan(hour).plans();
        assertThat(plans).hasSize(1);
        return plans.getFirst();
    }

    String left(long hour, int index) {
        return plan(hour).left().getOrDefault(id(index), "is planned");
    }

    List<BlockId> marked(BucketBlock... present) {
        blocks.clear();
        blocks.addAll(List.of(present));
        return plan(10).marks().stream().map(mark -> mark.block().meta().id()).toList();
    }

    PlanRules rulesOfTwoDays() {
        return rules(
                List.of(rules.ranges().get(0), rules.ranges().get(2)),
                rules.overlaps(),
                4L << 30,
                64L << 30,
                _ -> true);
    }

    PlanRules rules(Overlaps overlaps, long memoryBytes, long indexBytes) {
        return rules(rules.ranges(), overlaps, memoryBytes, indexBytes, _ -> true);
    }

    PlanRules rules(Predicate<Map<String, String>> selector) {
        return rules(rules.ranges(), Overlaps.ONE_TO_ONE, 4L << 30, 64L << 30, selector);
    }

    PlanRules rules(
            List<Duration> ranges,
            Overlaps overlaps,
            long memoryBytes,
            long indexBytes,
            Predicate<Map<String, String>> selector) {
        return rules(ranges, overlaps, Set.of(), memoryBytes, indexBytes, selector);
    }

    PlanRules rulesOfReplicas(String label) {
        return rules(rules.ranges(), Overlaps.PENALTY, Set.of(label), 4L << 30, 64L << 30, _ -> true);
    }

    private PlanRules rules(
            List<Duration> ranges,
            Overlaps overlaps,
            Set<String> replicaLabels,
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
                replicaLabels,
                overlaps,
                PlanRules.Expiry.NEVER,
                memoryBytes,
                indexBytes,
                selector,
                false);
    }
}
