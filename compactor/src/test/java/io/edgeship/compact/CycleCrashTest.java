package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whole cycles whose calls fail one by one, or that are killed at each: nothing is lost, nothing half is seen, and
/// later cycles finish.
class CycleCrashTest {
    private static final String NO_DELAYS = """
            consistency_delay: 0s
            delete_delay: 0s
            compaction: {concurrency: 1, late_wait: 0s}
            """;

    /// Cycles until all is done; a later one removes what an earlier one marked.
    private static final int CYCLES_MAX = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<BlockId> sources;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<String> samples;

    private static int calls;

    @BeforeAll
    static void runWithoutFailures() throws Exception {
        bed = new CycleBed(dir, NO_DELAYS).makeUp("sites=1,series=2,days=1,step=600s,start=2024-01-04");
        sources = bed.shipped().subList(2, 6);
        bed.startOver(sources);
        samples = bed.samples(bed.live());
        FailingBucket counting = FailingBucket.onCall(bed.bucket, 0, Moment.BEFORE);
        bed.cycle(counting);
        calls = counting.calls();
        bed.later(CycleBed.LEASE_OVER);
        bed.cycle();
        requireDone("nothing failed");
    }

    @Test
    void everySourceIsHeldByAWholeBlockThatStaysAtEveryMoment() throws Exception {
        bed.startOver(sources);
        bed.cycle(new Watched(bed.bucket));
        assertThat(bed.live()).hasSize(3);
    }

    @Test
    void withoutADelayACycleRemovesWhatItMarkedItself() throws Exception {
        bed.startOver(sources);
        bed.later(Duration.ofMillis(500)); // marks tell whole seconds
        bed.cycle();
        requireDone("after one cycle");
        assertThat(bed.visible()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void whicheverCallFailsLaterCyclesFinish(Moment moment) throws Exception {
        for (int call = 1; call <= calls; call++) {
            check(FailingBucket.onCall(bed.bucket, call, moment), "call %d failed %s".formatted(call, moment));
        }
    }

    /// To the store it is all one whether a process dies after a call or before the next.
    @Test
    void whereverItIsKilledLaterCyclesFinish() throws Exception {
        for (int call = 1; call <= calls; call++) {
            check(FailingBucket.fromCall(bed.bucket, call, Moment.AFTER), "killed at call " + call);
        }
    }

    private static void check(Bucket failing, String when) throws Exception {
        bed.startOver(sources);
        try {
            bed.cycle(failing);
        } catch (BucketException e) {
            assertThat(e).as(when).hasMessageContaining("the test cut");
        }
        requireNothingLost(when);
        for (int cycle = 0; cycle < CYCLES_MAX && bed.visible().size() > 3; cycle++) {
            bed.later(CycleBed.LEASE_OVER);
            bed.cycle();
            requireNothingLost(when);
        }
        requireDone(when);
    }

    private static void requireDone(String when) throws IOException {
        List<BucketBlock> blocks = bed.visible();
        assertThat(blocks)
                .as(when)
                .extracting(BucketBlock::resolutionMillis)
                .containsExactlyInAnyOrder(0L, 300_000L, 3_600_000L);
        assertThat(bed.samples(bed.live(0))).as(when).isEqualTo(samples);
        assertThat(bed.sources(300_000L)).as(when).containsExactlyElementsOf(sources);
        assertThat(bed.sources(3_600_000L)).as(when).containsExactlyElementsOf(sources);
        Set<String> left = new TreeSet<>(bed.bucket.keys(""));
        left.removeIf(key -> key.startsWith("edgeship/")
                || blocks.stream().anyMatch(block -> key.startsWith(block.meta().id() + "/")));
        assertThat(left).as(when).isEmpty();
        assertThat(bed.bucket.listUploads("")).as(when).isEmpty();
    }

    private static void requireNothingLost(String when) throws IOException {
        assertThat(bed.visible()).as(when).allMatch(BucketBlock::isComplete);
        assertThat(bed.sources(0)).as(when).containsExactlyInAnyOrderElementsOf(sources);
    }

    /// Looks at the bucket after each call that may have changed it.
    private static final class Watched extends ForwardingBucket {
        private static final Set<String> READS = Set.of("list", "head", "get", "getRange", "listUploads", "confirm");

        Watched(Bucket inner) {
            super(inner);
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            T result = work.on(inner());
            if (!READS.contains(call.method())) {
                look(call);
            }
            return result;
        }

        private static void look(Call call) {
            try {
                requireNothingLost("after " + call);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
