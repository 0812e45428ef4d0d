package io.edgeship.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0s, 0",
        "30s, 30000",
        "1m30s, 90000",
        "2d, 172800000",
        "1w, 604800000",
        "500ms, 500",
        "1h0m5ms, 3600005",
        "1y, 31536000000"
    })
    void readsPrometheusDurations(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "s",
                "30",
                "1s1m",
                "-1s",
                "1.5h",
                " 1s",
                "1h 1m",
                "99999999999999999999s",
                "999999999999y"
            })
    void refusesWhatPrometheusRefuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @Test
    void printsDurationsThatItReadsBack() {
        for (long millis : new long[] {0, 1, 1_500, 90_000, 3_600_000, 86_400_000L * 8 + 5}) {
            Duration duration = Duration.ofMillis(millis);
            assertThat(Durations.parse(Durations.print(duration))).isEqualTo(duration);
        }
        assertThat(Durations.print(Duration.ofSeconds(90))).isEqualTo("1m30s");
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "0, 0",
        "1B, 1",
        "100kB, 100000",
        "8MiB, 8388608",
        "5GiB, 5368709120",
        "1KiB, 1024",
        "2 MB, 2000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "8mib", "8M", "9999999TiB", "99999999999999999999"})
    void refusesOtherSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sizes.parse(text));
    }

    @Test
    void printsSizesForPeople() {
        assertThat(Sizes.print(512)).isEqualTo("512 B");
        assertThat(Sizes.print(1536)).isEqualTo("1.50 KiB");
        assertThat(Sizes.print(25L << 20)).isEqualTo("25.0 MiB");
    }
}
