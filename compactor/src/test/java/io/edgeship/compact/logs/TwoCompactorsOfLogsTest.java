package io.edgeship.compact.logs;

import static io.edgeship.compact.logs.TestSegment.GOLDEN;
import static io.edgeship.compact.logs.TestSegment.golden;
import static io.edgeship.compact.logs.TestSegment.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiIndexSeries;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.ForwardingBucket;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.lock.Turns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Two compactors with the role `logs` on one bucket, each request of theirs in random order, while sites go on
/// sending.
class TwoCompactorsOfLogsTest {
    private static final int SEEDS = 12;
    private static final int CYCLES = 3;
    private static final int SEGMENTS_MAX = 6;
    private static final int LINES = 400;
    private static final List<Path> CODECS =
            List.of(Path.of("codecs/zstd"), Path.of("codecs/gzip"), Path.of("codecs/snappy"));

    private Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private LogsBed bed = new LogsBed(() -> now);
    private List<TestSegment> sent = new ArrayList<>();
    private final List<Map<String, byte[]>> made = new ArrayList<>();

    private Random begin(long seed) throws IOException {
        bed = new LogsBed(() -> now);
        sent = new ArrayList<>();
        send();
        send();
        return new Random(seed);
    }

    private void send() throws IOException {
        int number = sent.size();
        String site = number % 2 == 0 ? "a" : "b";
        if (made.size() == number) {
            made.add(golden(GOLDEN.resolve(CODECS.get(number / 2)), site, "fleet"));
        }
        Map<String, byte[]> chunks = made.get(number);
        sent.add(new TestSegment(site, id(number + 1L), number / 2 + 1, chunks, 6000).put(bed.bucket));
    }

    private void maybeSend(Random random) throws IOException {
        if (sent.size() < SEGMENTS_MAX && random.nextInt(30) == 0) {
            send();
        }
    }

    private Turns.Task compactor() {
        return through -> {
            LogsIntake process = bed.process(through);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                process.run();
            }
        };
    }

    @Test
    void thoseThatAreAwakeTakeInEachSegmentOnce() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            turns.start(bed.bucket.open(), compactor());
            turns.start(bed.bucket.open(), compactor());
            interleave(turns, random, 0);
            allIsTakenIn(seed);
            assertThat(entries()).as("seed %d: entries in indexes", seed).isEqualTo(sent.size());
        }
    }

    /// Pauses longer than a lease at any place, and kills.
    @Test
    void sleepersAndKilledOnesLoseNothingAndCountNothingTwice() throws Exception {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            for (int start = 0; start < 2; start++) {
                turns.start(bed.bucket.open(), compactor());
                turns.start(bed.bucket.open(), compactor());
                interleave(turns, random, 15);
            }
            now = now.plus(StreamLocks.LEASE).plusSeconds(1);
            allIsTakenIn(seed);
        }
    }

    /// @param naps of so many steps one is a pause longer than a lease, and of ten times as many one a kill; 0 for none
    private void interleave(Turns turns, Random random, int naps) throws Exception {
        while (!turns.running().isEmpty()) {
            List<Turns.Program> running = turns.running();
            Turns.Program next = running.get(random.nextInt(running.size()));
            if (naps > 0 && random.nextInt(10 * naps) == 0) {
                next.kill();
            } else {
                next.step();
            }
            boolean sleeps = naps > 0 && random.nextInt(naps) == 0;
            now = now.plusMillis(sleeps ? random.nextLong(1_500_000) : random.nextInt(2000));
            maybeSend(random);
        }
    }

    /// Once one that runs alone has seen what is left.
    private void allIsTakenIn(long seed) throws Exception {
        LogsResult last = bed.run();
        assertThat(last.problem()).as("seed %d", seed).isEmpty();
        assertThat(last.busy()).as("seed %d", seed).isEmpty();
        String when = "seed " + seed;
        bed.namesNothingThatIsNotThere(when);
        for (TestSegment segment : sent) {
            assertThat(bed.receipt(segment).getVerdict()).as(when).isEqualTo(Verdict.VERDICT_ACCEPTED);
            assertThat(bed.stored()).as(when).containsAll(segment.chunks.keySet());
            assertThat(bed.indexed()).as(when).containsAll(segment.chunks.keySet());
        }
        assertThat(bed.inbox()).as(when).isEmpty();
        long lines = 0;
        for (SiteLogs site : LogsState.read(bed.bucket.open()).bySite()) {
            assertThat(site.missingSegments())
                    .as("%s: site %s", when, site.site())
                    .isZero();
            lines += site.lines();
        }
        assertThat(lines).as(when).isEqualTo((long) LINES * sent.size());
    }

    private int entries() throws IOException {
        int entries = 0;
        for (String key : bed.indexes()) {
            for (LokiIndexSeries series : bed.index(key).series()) {
                entries += series.chunks().size();
            }
        }
        return entries;
    }

    /// The first test would see it: nobody is kept from anything. The store says that it has no conditional writes, so
    /// one compactor has to be declared the only one.
    @Test
    void withoutConditionalWritesNothingIsLockedAndSomeOrderIndexesTwiceOrForgets() throws Exception {
        int wrong = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Random random = begin(seed);
            Turns turns = new Turns();
            turns.start(new Unconditional(bed.bucket.open()), compactor());
            turns.start(new Unconditional(bed.bucket.open()), compactor());
            interleave(turns, random, 0);
            long lines = LogsState.read(bed.bucket.open()).bySite().stream()
                    .mapToLong(SiteLogs::lines)
                    .sum();
            wrong += entries() != sent.size() || lines != (long) LINES * sent.size() ? 1 : 0;
            assertThat(bed.keys("edgeship/locks/")).as("seed %d", seed).isEmpty();
        }
        assertThat(wrong).isPositive();
    }

    /// A store without conditional writes.
    private static final class Unconditional extends ForwardingBucket {
        Unconditional(Bucket inner) {
            super(inner);
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(Support.NO, Support.UNKNOWN, Support.UNKNOWN);
        }

        @Override
        protected <T> T around(Call call, Work<T> work) throws BucketException {
            return work.on(inner());
        }
    }

    @Test
    void whatAnotherHasIsLeftToItAndShownAsItIs() throws Exception {
        begin(1);
        Turns turns = new Turns();
        Turns.Program first = turns.start(bed.bucket.open(), compactor());
        while (bed.keys("edgeship/locks/").isEmpty()) {
            first.step();
        }

        LogsResult second = bed.run();

        assertThat(second.busy()).isEqualTo(Optional.of("process 0"));
        assertThat(second.problem()).isEmpty();
        assertThat(second.taken().accepted()).isZero();
        while (!first.isEnded()) {
            first.step();
        }
        assertThat(bed.run().busy()).isEmpty();
    }
}
