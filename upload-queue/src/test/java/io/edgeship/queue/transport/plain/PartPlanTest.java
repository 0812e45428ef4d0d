package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.UploadedPart;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartPlanTest {
    private static final long MIB = 1 << 20;
    private static final long SEED = 20261125;

    @ParameterizedTest
    @CsvSource({
        "1, 8388608, 1",
        "8388608, 8388608, 1",
        "8388609, 8388608, 2",
        "536870912, 8388608, 64",
        "83886080000, 8388608, 10000",
        "53687091200000, 8388608, 10000",
    })
    void coversTheFileWithPartsOfTheWantedSize(long fileBytes, long wanted, int count) {
        int parts = 0;
        for (long left = fileBytes; left > 0; parts++) {
            left -= PartPlan.next(left, parts, wanted);
        }
        assertThat(parts).isEqualTo(count);
    }

    /// However the link changes on the way: the parts are enough, each of a size that S3 takes.
    @Test
    void coversAnyFileWhateverIsWantedOnTheWay() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            long fileBytes = 1 + random.nextLong(round < 25 ? 200L << 30 : 40L << 40);
            int parts = 0;
            for (long left = fileBytes; left > 0; parts++) {
                long wanted = random.nextInt(10) == 0 ? 64 * MIB : UploadedPart.SIZE_BYTES_MIN;
                long length = PartPlan.next(left, parts, wanted);
                assertThat(length)
                        .as("seed %d, round %d, part %d", SEED, round, parts)
                        .isBetween(Math.min(left, wanted), UploadedPart.SIZE_BYTES_MAX);
                left -= length;
            }
            assertThat(parts).as("seed %d, round %d", SEED, round).isLessThanOrEqualTo(UploadedPart.PART_NUMBER_MAX);
        }
    }

    @Test
    void refusesAFileThatNoUploadCanHold() {
        assertThatThrownBy(() -> PartPlan.next(60_000_000_000_000L, 0, 8 * MIB))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PartPlan.next(1, UploadedPart.PART_NUMBER_MAX, 8 * MIB))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"5242879", "5368709121", "0", "-1"})
    void refusesPartSizesThatS3Refuses(long partSize) {
        assertThatThrownBy(() -> new PlainConfig(partSize, Duration.ofHours(20)))
                .hasMessageContaining("part_size");
    }

    @Test
    void refusesToCompleteBeforeItBegan() {
        assertThatThrownBy(() -> new PlainConfig(8 * MIB, Duration.ZERO)).hasMessageContaining("multipart_max_age");
    }
}
