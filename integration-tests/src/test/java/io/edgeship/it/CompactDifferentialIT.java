package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same bucket, compacted and downsampled by our compactor and by the real `thanos compact`: whoever reads
/// through Thanos gets the same answers, raw and of each aggregate, and `thanos tools bucket verify` accepts ours.
class CompactDifferentialIT {
    private static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden/thanos-0.43");
    private static final long FORTNIGHT_MILLIS = Duration.ofDays(14).toMillis();

    @TempDir
    private Path dir;

    private Thanos thanos = new Thanos(Path.of(""), Path.of(""));

    @BeforeEach
    void findThanos() {
        thanos = new Thanos(Program.thanos(), dir);
    }

    @Test
    void everyKindOfSeries() throws Exception {
        MadeUpBucket theirs = theirs().withSites(1).withOddities(Map.of("site", "odd"), Oddities.On.ALWAYS, 0);
        compare(theirs, "", MadeUpBucket.FORTNIGHT, ReadersCompared.RESOLUTIONS);
    }

    @Test
    void aSiteThatIsOnByDay() throws Exception {
        MadeUpBucket theirs = theirs().withOddities(Map.of("site", "by-day"), Oddities.On.BY_DAY, 0);
        compare(theirs, "", MadeUpBucket.FORTNIGHT, ReadersCompared.RESOLUTIONS);
    }

    @Test
    void blocksThatOverlap() throws Exception {
        Map<String, String> labels = Map.of("site", "overlaps");
        MadeUpBucket theirs = theirs().withOddities(labels, Oddities.On.ALWAYS, 0)
                .withOddities(labels, window -> window % 5 == 2, 60_001);
        compare(
                theirs,
                "",
                MadeUpBucket.FORTNIGHT,
                ReadersCompared.RESOLUTIONS,
                "--compact.enable-vertical-compaction");
    }

    @Test
    void replicasByPenalty() throws Exception {
        MadeUpBucket theirs = theirs().withOddities(Map.of("site", "pair", "replica", "a"), Oddities.On.ALWAYS, 7001)
                .withOddities(Map.of("site", "pair", "replica", "b"), Oddities.On.ALWAYS, 31_003);
        compare(
                theirs,
                "compaction: {overlaps: penalty, replica_labels: [replica]}",
                MadeUpBucket.FORTNIGHT,
                ReadersCompared.RESOLUTIONS,
                "--deduplication.func=penalty",
                "--deduplication.replica-label=replica");
    }

    @Test
    void theBucketWhoseOutcomeIsInOurRepository() throws Exception {
        MadeUpBucket theirs = theirs().withArchive(GOLDEN.resolve("input.tar.gz"));
        long start = theirs.blocks().getFirst().range().minTime() / FORTNIGHT_MILLIS * FORTNIGHT_MILLIS;
        long end = start + FORTNIGHT_MILLIS;
        theirs.withOdditiesAt(Map.of("site", "weird-7"), end);
        compare(theirs, "", new TimeRange(start, end), ReadersCompared.RESOLUTIONS);
    }

    private MadeUpBucket theirs() throws Exception {
        return new MadeUpBucket(dir.resolve("theirs"));
    }

    /// @param keys  of `compactor.yaml`
    /// @param flags of `thanos compact` that say the same
    private void compare(MadeUpBucket theirs, String keys, TimeRange range, List<Duration> resolutions, String... flags)
            throws Exception {
        MadeUpBucket ours = theirs.copyTo(dir.resolve("ours"));
        thanos.compact(theirs.objstore(), flags);
        new EdgeshipCompact(dir).compact(ours.objstore(), keys);
        thanos.verify(ours.objstore());
        assertThat(ours.resolutions()).as("resolutions of our blocks").containsAll(theirs.resolutions());

        try (ThanosReader expected = thanos.read(theirs.objstore());
                ThanosReader actual = thanos.read(ours.objstore())) {
            for (Duration resolution : resolutions) {
                ReadersCompared.Outcome outcome = ReadersCompared.compare(expected, actual, range, resolution);
                assertThat(outcome.differences())
                        .as("at %s, of %d samples", resolution, outcome.samples())
                        .isEmpty();
                assertThat(outcome.samples()).as("samples at %s", resolution).isPositive();
            }
        }
    }
}
