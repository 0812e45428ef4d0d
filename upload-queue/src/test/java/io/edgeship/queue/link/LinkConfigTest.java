package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.queue.link.LinkConfig.OnExhausted;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkConfigTest {
    static final String FULL = """
            link:
              rate: 64KiB
              burst: 256KiB
              windows:
                - cron: "0 22 * * MON-FRI"
                  duration: 8h
                  zone: Europe/Berlin
                  rate: 1MiB
                - cron: "0 0 * * *"
                  duration: 1h
              budget:
                daily: 100MB
                monthly: 2GB
                zone: America/New_York
                on_exhausted: freshest_only
              jitter: 5m
              stall_timeout: 90s
              overhead: 8
            """;

    @Test
    void readsEveryKey() throws ConfigException {
        LinkConfig config = read(FULL);

        assertThat(config.bytesPerSecond()).isEqualTo(64 << 10);
        assertThat(config.burstBytes()).isEqualTo(256 << 10);
        assertThat(config.windows()).hasSize(2);
        assertThat(config.windows().getFirst().toString())
                .isEqualTo(
                        "LinkWindow[cron=0 22 * * MON-FRI, duration=PT8H, zone=Europe/Berlin, bytesPerSecond=1048576]");
        assertThat(config.windows().getLast().zone().getId()).isEqualTo("UTC");
        assertThat(config.windows().getLast().bytesPerSecond()).isEqualTo(LinkConfig.UNLIMITED);
        assertThat(config.budget().dailyBytes()).isEqualTo(100_000_000);
        assertThat(config.budget().monthlyBytes()).isEqualTo(2_000_000_000);
        assertThat(config.budget().zone().getId()).isEqualTo("America/New_York");
        assertThat(config.budget().onExhausted()).isEqualTo(OnExhausted.FRESHEST_ONLY);
        assertThat(config.jitter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.stallTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.overheadPercent()).isEqualTo(8);
    }

    @Test
    void isOpenWhereNothingIsSaid() throws ConfigException {
        assertThat(read("site: a")).isEqualTo(LinkConfig.OPEN);
        assertThat(read("link:")).isEqualTo(LinkConfig.OPEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate: fast                        | agent.yaml:2: link.rate is not a size like 8MiB, 100kB or 512",
                "rate: 100                         | agent.yaml:2: link.rate is 0 for closed, or at least 1KiB",
                "burst: 1KiB                       | agent.yaml:2: link.burst is at least 64KiB",
                "windows: 3                        | agent.yaml:2: link.windows is a list",
                "windows: [{duration: 1h}]         | agent.yaml:2: link.windows[0].cron is missing",
                "windows: [{cron: '0 0 * * *'}]    | agent.yaml:2: link.windows[0].duration is missing",
                "'windows: [{cron: ''0 0 * *'', duration: 1h}]'       | link.windows[0].cron has 4 fields",
                "'windows: [{cron: ''0 0 * * 8'', duration: 1h}]'     | link.windows[0].cron has '8' as day-of-week",
                "'windows: [{cron: ''0 0 * * *'', duration: 32d}]'    | link.windows[0].duration is 1m to 31d",
                "'windows: [{cron: ''0 0 * * *'', duration: 10s}]'    | link.windows[0].duration is 1m to 31d",
                "'windows: [{cron: ''0 0 * * *'', duration: 1h, zone: Mars}]' | link.windows[0].zone is a zone like UTC",
                "'windows: [{cron: ''0 0 * * *'', duration: 1h, rate: 1}]'    | link.windows[0].rate is 0 for closed",
                "'windows: [{cron: ''0 0 * * *'', duration: 1h, speed: 1}]'   | unknown key 'link.windows[0].speed'",
                "budget: {daily: 0}                | link.budget.daily is more than zero",
                "budget: {weekly: 1GB}             | unknown key 'link.budget.weekly'",
                "budget: {on_exhausted: stop}      | link.budget.on_exhausted is one of pause, freshest_only",
                "budget: {zone: CEST}              | link.budget.zone is a zone like UTC or Europe/Berlin",
                "jitter: 13h                       | link.jitter is 0s to 12h",
                "stall_timeout: 0                  | link.stall_timeout is 1s to 1h",
                "overhead: 101                     | link.overhead is 101, must be 0 to 100",
            })
    void namesTheKeyThatIsWrong(String yaml, String problem) {
        assertThatThrownBy(() -> read("link:\n  " + yaml + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theLargestBodyJustFitsTheSmallestBudget() throws ConfigException {
        for (String budget : new String[] {"3KiB", "64KiB", "1MB", "5MiB", "777777"}) {
            for (int overhead : new int[] {0, 5, 33, 100}) {
                LinkConfig config =
                        read("link: {overhead: %d, budget: {daily: %s, monthly: 1GB}}".formatted(overhead, budget));
                long largest = config.largestBodyBytes();
                if (largest > 0) {
                    assertThat(config.cost(largest))
                            .isLessThanOrEqualTo(config.budget().dailyBytes());
                    assertThat(config.cost(largest + 300))
                            .isGreaterThan(config.budget().dailyBytes());
                }
            }
        }
        assertThat(LinkConfig.OPEN.largestBodyBytes()).isEqualTo(LinkConfig.UNLIMITED);
    }

    static LinkConfig read(String yaml) throws ConfigException {
        ConfigFile file = ConfigFile.parse("agent.yaml", yaml, Map.of());
        LinkConfig config = LinkConfig.from(file.root().section("link"));
        file.root().text("site");
        file.rejectUnknownKeys();
        return config;
    }
}
