package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks that are shorter than what they are downsampled to are downsampled once, and never wait for it for ever.
class ShortBlocksTest {
    private static final long W = 336 * 1400 * HOUR; // where a window of 14 days begins
    private static final Instant LATER = Instant.ofEpochMilli(W + 3 * 336 * HOUR);
    private static final PlanRules RULES = PlanRules.defaults("site", 4L << 30);

    @ParameterizedTest
    @ValueSource(longs = {1, 60_000, 299_999, 300_000, 3_599_999})
    void aShortBlockAloneInItsWindowIsDownsampledOnce(long lengthMillis) {
        BucketBlock raw = TestBlock.millis("a", W + 1, W + 1 + lengthMillis).get();
        CompactionPlan plan = only(raw);
        assertThat(plan.resolutions()).containsExactly(Sieve.FIVE_MINUTES, Sieve.ONE_HOUR);

        BucketBlock five = coarse(raw, Sieve.FIVE_MINUTES);
        BucketBlock hour = coarse(raw, Sieve.ONE_HOUR);
        assertThat(plan(raw, five, hour).plans()).isEmpty();
        assertThat(plan(raw, five, hour).marks()).isEmpty();
        assertThat(plan(five, hour).plans()).isEmpty(); // once the raw one is gone
        assertThat(only(five).resolutions()).containsExactly(Sieve.ONE_HOUR);
    }

    /// Its own length would never do, and retention would keep it for ever.
    @Test
    void aShortBlockThatReachesOverTheEndOfTheLargestWindowIsDownsampledOnce() {
        BucketBlock raw = TestBlock.millis("a", W - HOUR, W + HOUR).get();

        assertThat(only(raw).resolutions()).containsExactly(Sieve.FIVE_MINUTES, Sieve.ONE_HOUR);
        BucketBlock five = coarse(raw, Sieve.FIVE_MINUTES);
        assertThat(only(raw, five).sources()).containsExactly(five); // an hour is made of five minutes
        assertThat(plan(raw, five, coarse(raw, Sieve.ONE_HOUR)).plans()).isEmpty();
    }

    private static BucketBlock coarse(BucketBlock raw, long resolutionMillis) {
        return TestBlock.millis(
                        "a", raw.meta().range().minTime(), raw.meta().range().maxTime())
                .number((int) (resolutionMillis / 1000))
                .compacted(raw.meta().id())
                .resolution(resolutionMillis)
                .get();
    }

    private static CompactionPlan only(BucketBlock... blocks) {
        List<CompactionPlan> plans = plan(blocks).plans();
        assertThat(plans).hasSize(1);
        return plans.getFirst();
    }

    private static Planned plan(BucketBlock... blocks) {
        BucketView view = new BucketView(List.of(blocks), List.of(), List.of(), Map.of(), List.of());
        return Planner.plan(view, LATER, RULES);
    }
}
