package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.fleet.BucketBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is told to end in the middle of a cycle.
class CycleStopTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<BlockId> sources;

    @SuppressWarnings("NullAway.Init") // likewise
    private static List<String> samples;

    @BeforeAll
    static void makeUp() throws IOException {
        bed = new CycleBed(dir, CycleBed.NO_WAITS).makeUp("sites=2,series=3,days=1,step=600s,start=2024-01-04");
        sources = bed.shipped().subList(4, 12);
    }

    @BeforeEach
    void ship() throws IOException {
        bed.startOver(sources);
        samples = bed.samples(bed.live());
    }

    /// The first segment is asked for once the merge has begun.
    @Test
    void theMergeUnderWayIsDroppedAndNothingElseIsBegun() throws Exception {
        RecordingBucket recorded = new RecordingBucket(bed.bucket);
        Cycle.Result result = stoppedAt(recorded, call -> call.method().equals("getRange"), 1);

        assertThat(result.upkeep().round().done()).isEmpty();
        assertThat(result.upkeep().failures()).isEmpty();
        assertThat(result.cleaned().removed()).isEmpty();
        assertThat(bed.visible()).hasSize(sources.size());
        assertThat(bed.live()).hasSize(sources.size());
        assertThat(bed.bucket.listUploads("")).isEmpty();
        assertThat(recorded.keysOf("putIfAbsent")).hasSize(1).allMatch(key -> key.startsWith("edgeship/locks/"));
        requireTheNextCycleGoesOn("in the middle of a merge");
    }

    @Test
    void whicheverCallItIsAtNothingHalfIsSeenAndTheNextCycleGoesOn() throws Exception {
        RecordingBucket counting = new RecordingBucket(bed.bucket);
        bed.cycle(counting);
        int calls = counting.calls().size();
        assertThat(calls).isGreaterThan(50);
        for (int call = 1; call <= calls; call++) {
            String when = "stopped at call " + call;
            bed.startOver(sources);

            stoppedAt(bed.bucket, _ -> true, call);

            assertThat(bed.visible()).as(when).allMatch(BucketBlock::isComplete);
            assertThat(bed.sources(0)).as(when).containsExactlyElementsOf(sources);
            assertThat(bed.samples(bed.live(0)).stream().distinct()).as(when).containsExactlyElementsOf(samples);
            requireTheNextCycleGoesOn(when);
        }
    }

    /// Whom a call is of interest to.
    private interface Which {
        boolean test(ForwardingBucket.Call call);
    }

    /// Tells the process to end while it is at the given one of these calls.
    private static Cycle.Result stoppedAt(Bucket through, Which calls, int number) throws Exception {
        AtomicReference<Cycle> cycle = new AtomicReference<>();
        AtomicInteger count = new AtomicInteger();
        Bucket stopping = new ForwardingBucket(through) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                if (calls.test(call) && count.incrementAndGet() == number) {
                    Objects.requireNonNull(cycle.get()).stop();
                }
                return work.on(inner());
            }
        };
        cycle.set(bed.process(stopping));
        return Objects.requireNonNull(cycle.get()).run();
    }

    /// At once: the locks of a process that ended in order are free.
    private static void requireTheNextCycleGoesOn(String when) throws Exception {
        bed.later(Duration.ofSeconds(2));
        Cycle.Result next = bed.cycle();
        assertThat(next.upkeep().busy()).as(when).isEmpty();
        assertThat(next.upkeep().failures()).as(when).isEmpty();
        assertThat(bed.samples(bed.live(0))).as(when).isEqualTo(samples);
        for (long resolution : new long[] {0, 300_000, 3_600_000}) {
            assertThat(bed.live(resolution)).as(when).hasSize(2);
            assertThat(bed.sources(resolution)).as(when).containsExactlyElementsOf(sources);
        }
    }
}
