package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What retention could not do is told wherever a compaction that failed is.
class CycleRetentionTest {
    private static final String A = "{site=\"site-000\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static CycleBed bed;

    @BeforeAll
    static void makeUp() throws IOException {
        bed = new CycleBed(dir, """
                roles: [retain]
                consistency_delay: 0s
                retention: {raw: 1d, 5m: 1d, 1h: 1d}
                """).makeUp("sites=2,series=1,days=1,step=600s,start=2024-01-04");
    }

    @BeforeEach
    void ship() {
        bed.startOver(bed.shipped());
    }

    @Test
    void blocksThatAreOverAreMarked() throws Exception {
        Cycle.Result result = bed.cycle();

        assertThat(bed.live()).isEmpty();
        assertThat(result.upkeep().failures()).isEmpty();
        assertThat(CompactionSummary.of(result.upkeep())).isEqualTo("marked 24 blocks that are over%n".formatted());
    }

    @Test
    void aStreamThatCannotBeMarkedIsAFailureOfTheCycleAndTheOtherIsMarked() throws Exception {
        Cycle.Result result = bed.cycle(failingOn(idsOf("site-000").get(3)));

        assertThat(result.upkeep().failures()).containsOnlyKeys(A);
        assertThat(CompactionSummary.of(result.upkeep()))
                .contains("marked 15 blocks that are over")
                .contains(A + " failed, the next cycle tries again: retention: ");
        assertThat(metrics(result))
                .contains(
                        "edgeship_compact_streams_failed 1.0",
                        "thanos_compact_retries_total 1.0",
                        "thanos_compact_group_compactions_failures_total 0.0",
                        "thanos_compact_todo_deletion_blocks 9.0");
        assertThat(Readiness.isGood(result.upkeep())).isTrue();
        bed.later(Duration.ofSeconds(2));
        bed.cycle();
        assertThat(bed.live()).isEmpty();
    }

    @Test
    void whereNoStreamCanBeMarkedTheProcessIsNotReady() throws Exception {
        Cycle.Result result = bed.cycle(
                failingOn(idsOf("site-000").getFirst(), idsOf("site-001").getFirst()));

        Health health = new Health();
        Readiness.tell(result.upkeep(), health);
        assertThat(health.problems()).containsOnlyKeys("streams");
        assertThat(health.problems().get("streams")).contains("retention: ");
    }

    @Test
    void aStreamThatAnotherCompactorHasIsBusyAndSoIsOneThatItTakes() throws Exception {
        BlockId last = idsOf("site-000").getLast();
        Bucket robbed = new ForwardingBucket(bed.bucket) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                if (call.key().startsWith(last + "/") && call.method().startsWith("put")) {
                    throw new BucketException.Unavailable(call + ": killed", null);
                }
                if (call.method().equals("putIfMatches") && call.key().startsWith("edgeship/locks/")) {
                    throw new BucketException.Unavailable(call + ": killed", null); // the lock is not released
                }
                return work.on(inner());
            }
        };
        bed.cycle(robbed);

        Cycle.Result busy = bed.cycle();

        assertThat(busy.upkeep().busy()).containsKey(A);
        assertThat(CompactionSummary.of(busy.upkeep())).contains(A + " is worked on by ");
        assertThat(metrics(busy))
                .contains(
                        "edgeship_compact_streams_busy " + busy.upkeep().busy().size() + ".0");
        bed.later(CycleBed.LEASE_OVER);
        bed.cycle();
        assertThat(bed.live()).isEmpty();
    }

    private static Bucket failingOn(BlockId... blocks) {
        List<String> marks = new ArrayList<>();
        for (BlockId block : blocks) {
            marks.add(block + "/deletion-mark.json");
        }
        return FailingBucket.when(
                bed.bucket,
                call -> call.startsWith("put") && marks.stream().anyMatch(call::endsWith),
                Moment.BEFORE,
                call -> new BucketException.AccessDenied(call + ": the test", null));
    }

    private static List<BlockId> idsOf(String site) throws IOException {
        return bed.live().stream()
                .filter(block -> site.equals(block.labels().get("site")))
                .map(BucketBlock::meta)
                .map(meta -> meta.id())
                .toList();
    }

    private static List<String> metrics(Cycle.Result result) {
        Metrics registry = new Metrics();
        new RoundMetrics(registry.registry()).finished(result.upkeep());
        return registry.scrape().lines().toList();
    }
}
