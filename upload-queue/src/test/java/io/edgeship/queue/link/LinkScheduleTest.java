package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.runtime.config.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkScheduleTest {
    private static LinkSchedule schedule(String link) throws ConfigException {
        return new LinkSchedule(LinkConfigTest.read("link: " + link), "site");
    }

    @Test
    void theFirstWindowThatIsOpenWins() throws ConfigException {
        LinkSchedule schedule = schedule("""
                {rate: 64KiB, jitter: 0, windows: [
                  {cron: "0 12 * * *", duration: 1h, rate: 0},
                  {cron: "0 8 * * *", duration: 10h, rate: 1MiB}]}""");

        assertPhase(schedule, "07:59:59", 64 << 10, "08:00:00");
        assertPhase(schedule, "08:00:00", 1 << 20, "12:00:00");
        assertPhase(schedule, "12:30:00", 0, "13:00:00");
        assertPhase(schedule, "13:00:00", 1 << 20, "18:00:00");
        assertPhase(schedule, "07:00:00", 64 << 10, "08:00:00"); // asked of the past
        assertThat(schedule.opensAt(at("12:30:00"))).contains(at("13:00:00"));
        assertThat(schedule.opensAt(at("13:30:00"))).contains(at("13:30:00"));
    }

    @Test
    void whatIsClosedForEverNeverOpens() throws ConfigException {
        assertThat(schedule("{rate: 0}").opensAt(at("00:00:00"))).isEmpty();
        assertThat(schedule("{rate: 0, windows: [{cron: '0 0 * * *', duration: 1h, rate: 0}]}")
                        .opensAt(at("00:00:00")))
                .isEmpty();
        assertThat(schedule("{rate: 0, jitter: 0, windows: [{cron: '0 0 29 2 *', duration: 1h}]}")
                        .opensAt(at("00:00:00")))
                .contains(Instant.parse("2028-02-29T00:00:00Z"));
    }

    @Test
    void sitesSpreadOverTheJitter() {
        Duration jitter = Duration.ofMinutes(10);
        double[] minutes = IntStream.range(0, 1000)
                .mapToDouble(site -> LinkSchedule.delay("site-" + site, jitter).toMillis() / 60_000.0)
                .toArray();

        assertThat(Arrays.stream(minutes).allMatch(minute -> minute >= 0 && minute < 10))
                .isTrue();
        for (int minute = 0; minute < 10; minute++) {
            int from = minute;
            assertThat(IntStream.range(0, 1000)
                            .filter(i -> (int) minutes[i] == from)
                            .count())
                    .as("sites in minute %d", minute)
                    .isBetween(60L, 140L);
        }
        assertThat(LinkSchedule.delay("berlin-1", jitter))
                .as("the same in every version")
                .isEqualTo(Duration.ofMillis(598902));
        assertThat(LinkSchedule.delay("berlin-1", Duration.ZERO)).isZero();
    }

    private static void assertPhase(LinkSchedule schedule, String time, long rate, String until) {
        LinkSchedule.Phase phase = schedule.at(at(time));
        assertThat(phase.bytesPerSecond()).as("rate at %s", time).isEqualTo(rate);
        assertThat(phase.until()).as("until, at %s", time).isEqualTo(at(until));
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-25T" + time + "Z");
    }
}
