package io.edgeship.block.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.StaleMarker;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRounderTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0.15, 0.2",
        "1, 0.25, 0.2",
        "1, -0.35, -0.4",
        "3, 123456, 123000",
        "3, 1.0005, 1.0",
        "4, 0.0001234567, 0.0001235",
        "4, 1.7976931348623157E308, 1.7976931348623157E308", // 1.798E308 is no double
        "3, 1.7916931348623157E308, 1.79E308",
        "1, 4.9E-324, 4.9E-324",
        "2, -0.0, -0.0",
        "6, 123456, 123456",
        "17, 0.1, 0.1",
    })
    void roundsToTheNearestNumberOfSoManyDigits(int digits, double value, double rounded) {
        assertThat(Double.longBitsToDouble(new ValueRounder(digits).roundBits(Double.doubleToRawLongBits(value))))
                .isEqualTo(rounded);
    }

    @Test
    void whatIsNoFiniteNumberKeepsEveryBit() {
        ValueRounder rounder = new ValueRounder(1);
        for (long bits : new long[] {
            StaleMarker.BITS, 0x7ff8000000000001L, 0xfff8000000000123L, 0x7ff0000000000000L, 0xfff0000000000000L
        }) {
            assertThat(rounder.roundBits(bits)).isEqualTo(bits);
        }
    }

    /// Or a block that is written anew twice would change twice, and a counter could go down.
    @Test
    void aRoundedNumberStaysAndOrderIsKept() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ValueRounder rounder = new ValueRounder(1 + i % 17);
            double a = Double.longBitsToDouble(random.nextLong());
            double b = a * (1 + random.nextDouble() / 1000);
            if (!Double.isFinite(a) || !Double.isFinite(b)) {
                continue;
            }
            double low = round(rounder, Math.min(a, b));
            double high = round(rounder, Math.max(a, b));
            assertThat(low).as("%s and %s", a, b).isLessThanOrEqualTo(high);
            assertThat(round(rounder, low)).as("%s", a).isEqualTo(low);
        }
    }

    private static double round(ValueRounder rounder, double value) {
        return Double.longBitsToDouble(rounder.roundBits(Double.doubleToRawLongBits(value)));
    }
}
