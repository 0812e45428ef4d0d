package io.edgeship.queue.transport.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.UploadedPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartPlanTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "1, 8388608, 1",
        "8388608, 8388608, 1",
        "8388609, 8388608, 2",
        "536870912, 8388608, 64",
        "83886080000, 8388608, 10000",
        "83886080001, 8388608, 8889",
        "53687091200000, 8388608, 10000",
    })
    void coversTheFileWithPartsThatTheStoreTakes(long fileBytes, long wanted, int count) {
        PartPlan plan = PartPlan.of(fileBytes, wanted);

        assertThat(plan.count()).isEqualTo(count).isLessThanOrEqualTo(UploadedPart.PART_NUMBER_MAX);
        assertThat(plan.offset(1)).isZero();
        assertThat(plan.offset(count) + plan.length(count)).isEqualTo(fileBytes);
        assertThat(plan.length(count)).isPositive();
        assertThat(plan.partSizeBytes()).isGreaterThanOrEqualTo(wanted).isLessThanOrEqualTo(5120 * MIB);
    }

    @Test
    void refusesAFileThatNoUploadCanHold() {
        assertThatThrownBy(() -> PartPlan.of(60_000_000_000_000L, 8 * MIB))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"5242879", "5368709121", "0", "-1"})
    void refusesPartSizesThatS3Refuses(long partSize) {
        assertThatThrownBy(() -> new UploaderConfig(partSize)).hasMessageContaining("part_size");
    }
}
