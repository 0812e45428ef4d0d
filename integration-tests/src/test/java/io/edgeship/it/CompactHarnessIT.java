package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What compares two compactors sees what it is to see: the real Thanos' result is equal to itself, and a bucket is
/// told from one in which a single sample is another.
class CompactHarnessIT {
    private static final Map<String, String> LABELS = Map.of("site", "odd");

    @TempDir
    private Path dir;

    @Test
    void aSampleThatIsAnotherIsFoundAtEachResolution() throws Exception {
        Thanos thanos = new Thanos(Program.thanos(), dir);
        MadeUpBucket bucket = new MadeUpBucket(dir.resolve("a")).withOddities(LABELS, Oddities.On.ALWAYS, 0);
        MadeUpBucket same = bucket.copyTo(dir.resolve("b"));
        MadeUpBucket other = new MadeUpBucket(dir.resolve("c")).withOddities(LABELS, Oddities.On.ALWAYS, 0, 5000);
        for (MadeUpBucket each : List.of(bucket, same, other)) {
            thanos.compact(each.objstore());
        }
        thanos.verify(bucket.objstore());
        assertThat(bucket.resolutions())
                .as("resolutions of the blocks that Thanos left")
                .containsExactly(0L, 300_000L, 3_600_000L);

        try (ThanosReader reader = thanos.read(bucket.objstore());
                ThanosReader readerOfSame = thanos.read(same.objstore());
                ThanosReader readerOfOther = thanos.read(other.objstore())) {
            assertThat(reader.answer(
                                    "count_values by (site) (\"n\", odd_changed)",
                                    MadeUpBucket.START_MILLIS
                                            + Duration.ofDays(1).toMillis()
                                            - 1,
                                    ReadersCompared.ONE_HOUR)
                            .bySeries())
                    .as("samples of an hour, by the aggregate that counts them")
                    .containsOnlyKeys("{n=30, site=odd}");
            long finer = Long.MAX_VALUE;
            for (Duration resolution : ReadersCompared.RESOLUTIONS) {
                ReadersCompared.Outcome equal =
                        ReadersCompared.compare(reader, readerOfSame, MadeUpBucket.FORTNIGHT, resolution);
                assertThat(equal.differences()).as("at %s", resolution).isEmpty();
                assertThat(equal.samples()).as("samples at %s", resolution).isBetween(1L, finer - 1);
                finer = equal.samples();
                assertThat(ReadersCompared.compare(reader, readerOfOther, MadeUpBucket.FORTNIGHT, resolution)
                                .differences())
                        .as("at %s, of one sample", resolution)
                        .isNotEmpty();
            }
        }
    }
}
