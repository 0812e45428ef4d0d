package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kills, or fails, at every call to the store: the next cycle finishes, and no index ever names a chunk that is not
/// there.
class LogsCrashTest {
    private final LogsBed bed = new LogsBed();

    private List<TestSegment> segments() throws IOException {
        bed.bucket.clear();
        List<TestSegment> segments = new ArrayList<>();
        segments.add(new TestSegment("a", id(1), 1, golden(GOLDEN.resolve("codecs/zstd"), "a", "fleet"), 5000));
        segments.add(new TestSegment("b", id(2), 1, golden(GOLDEN.resolve("codecs/gzip"), "b", "b.x"), 0));
        for (TestSegment segment : segments) {
            segment.put(bed.bucket);
        }
        return segments;
    }

    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhereverItWasKilled(Moment moment) throws Exception {
        everyCall("killed " + moment, call -> FailingBucket.fromCall(bed.bucket.open(), call, moment));
    }

    @ParameterizedTest
    @EnumSource
    void finishesInTheNextCycleWhicheverCallFailed(Moment moment) throws Exception {
        everyCall("failed " + moment, call -> FailingBucket.onCall(bed.bucket.open(), call, moment));
    }

    private void everyCall(String how, IntFunction<Bucket> broken) throws Exception {
        segments();
        FailingBucket counting = FailingBucket.fromCall(bed.bucket.open(), Integer.MAX_VALUE, Moment.BEFORE);
        bed.run(counting);
        assertThat(counting.calls()).isGreaterThan(20);
        for (int call = 1; call <= counting.calls(); call++) {
            String when = "%s at call %d".formatted(how, call);
            List<TestSegment> segments = segments();
            bed.run(broken.apply(call));
            bed.namesNothingThatIsNotThere(when);

            bed.leaseEnds();
            LogsResult result = bed.run();

            assertThat(result.problem()).as(when).isEmpty();
            for (TestSegment segment : segments) {
                bed.holds(segment, when);
            }
            assertThat(bed.inbox()).as(when).isEmpty();
            assertThat(LogsState.read(bed.bucket.open()).bySite())
                    .as(when)
                    .extracting(SiteLogs::site, SiteLogs::missingSegments, SiteLogs::lines)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("a", 0L, 400L),
                            org.assertj.core.groups.Tuple.tuple("b", 0L, 400L));
        }
    }
}
