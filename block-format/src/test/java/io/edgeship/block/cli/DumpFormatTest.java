package io.edgeship.block.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpFormatTest {
    private static final long SEED = 20_261_123;

    /// As Go's `strconv.FormatFloat(value, 'g', -1, 64)` prints them, but for the exponent from 1e+21 on.
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "0.1, 0.1",
        "-2.5, -2.5",
        "100, 100",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "1.5e300, 1.5e+300",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1.25e-7, 1.25e-07",
        "4.9e-324, 5e-324",
        "1.0e-323, 1e-323",
        "1.5e-323, 1.5e-323",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2e-3, 0.002",
        "9007199254740993, 9007199254740992"
    })
    void numbersAreSpelledAsGoSpellsThem(double value, String text) {
        assertThat(GoFloat.print(value)).isEqualTo(text);
    }

    @Test
    void everyNumberReadsBackTheSame() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(GoFloat.print(value))).isEqualTo(value);
            }
        }
    }

    @Test
    void prometheusReadsEveryTimeBackTheSame() {
        Random random = new Random(SEED);
        int plain = 0;
        for (int i = 0; i < 100_000; i++) {
            long time = random.nextLong(-2_000_000_000_000L, 2_000_000_000_000L);
            String text = DumpFormat.OpenMetrics.seconds(time);
            plain += text.indexOf('.') + 4 == text.length() ? 1 : 0;
            assertThat((long) (Double.parseDouble(text) * 1000)).isEqualTo(time);
        }
        assertThat(plain).isGreaterThan(50_000);
        assertThat(DumpFormat.OpenMetrics.seconds(4_105_007)).isEqualTo("4105.0071");
    }
}
