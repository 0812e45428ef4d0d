package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.RecordingBucket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A plan that fails each time it is tried, at its whole cost.
class CyclePutOffTest {
    private static final String A = "{site=\"site-000\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init") // made before each test
    private CycleBed bed;

    @SuppressWarnings("NullAway.Init") // likewise
    private List<BlockId> sources;

    private final AtomicBoolean isBroken = new AtomicBoolean(true);

    @BeforeEach
    void ship() throws IOException {
        bed = new CycleBed(dir, CycleBed.NO_WAITS).makeUp("sites=1,series=3,days=1,step=600s,start=2024-01-04");
        sources = bed.shipped().subList(2, 8);
        bed.startOver(sources);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResultThatFailsItsCheckIsTriedMoreSeldomEachTime(boolean isDefect) throws Exception {
        RecordingBucket recorded = new RecordingBucket(isDefect ? defective() : unsound());
        Cycle process = bed.process(recorded);
        List<Integer> hoursOfTries = new ArrayList<>();
        for (int hour = 0; hour < 24 * 4; hour++) {
            int readBefore = recorded.keysOf("getRange").size();

            Cycle.Result result = process.run();

            boolean isTried = recorded.keysOf("getRange").size() > readBefore;
            if (isTried) {
                hoursOfTries.add(hour);
            }
            assertThat(result.upkeep().failures().isEmpty()).as("hour %d", hour).isEqualTo(!isTried);
            assertThat(result.upkeep().round().putOff().isEmpty())
                    .as("hour %d", hour)
                    .isEqualTo(isTried);
            assertThat(result.upkeep().failing()).as("hour %d", hour).containsOnlyKeys(A);
            assertThat(result.upkeep().failing().get(A))
                    .contains(sources.getFirst().toString(), sources.get(1).toString(), "and 3 more");
            assertThat(Readiness.isGood(result.upkeep())).as("hour %d", hour).isFalse();
            assertThat(CompactionSummary.of(result.upkeep())).contains(isTried ? " failed, " : " has a plan that is ");
            bed.later(Duration.ofHours(1));
        }
        assertThat(hoursOfTries).containsExactly(0, 1, 3, 7, 15, 31, 55, 79);
        assertThat(bed.visible()).hasSize(sources.size());
        assertThat(bed.bucket.keys("")).noneMatch(key -> key.endsWith("-mark.json"));
    }

    @Test
    void onceItPassesItIsDone() throws Exception {
        Cycle process = bed.process(unsound());
        process.run();
        isBroken.set(false);
        bed.later(Duration.ofMinutes(61));

        Cycle.Result result = process.run();

        assertThat(result.upkeep().failing()).isEmpty();
        assertThat(bed.live(0)).hasSize(1);
    }

    @Test
    void aNewProcessTriesAtOnce() throws Exception {
        bed.process(unsound()).run();
        isBroken.set(false);
        bed.later(Duration.ofSeconds(2));

        assertThat(bed.cycle().upkeep().failing()).isEmpty();
        assertThat(bed.live(0)).hasSize(1);
    }

    @Test
    void aBlockThatArrivesMakesItAnotherPlan() throws Exception {
        Cycle process = bed.process(unsound());
        process.run();
        isBroken.set(false);
        bed.ship(bed.shipped().get(8));
        bed.later(Duration.ofSeconds(2));

        assertThat(process.run().upkeep().failing()).isEmpty();
        assertThat(bed.live(0)).hasSize(1);
    }

    /// What a store says of an index that it did not keep as it was sent.
    private Bucket unsound() {
        return new ForwardingBucket(bed.bucket) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                return work.on(inner());
            }

            @Override
            public Confirmation confirm(String key, ObjectDigest expected) throws BucketException {
                return isBroken.get() && key.endsWith("/index") ? Confirmation.DIFFERS : super.confirm(key, expected);
            }
        };
    }

    private Bucket defective() {
        return new ForwardingBucket(bed.bucket) {
            @Override
            protected <T> T around(Call call, Work<T> work) throws BucketException {
                if (call.method().equals("confirm")) {
                    throw new IllegalStateException("a defect of the test's");
                }
                return work.on(inner());
            }
        };
    }
}
