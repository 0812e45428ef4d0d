package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 3 * * *       | 03:00",
                "30 */6 * * *    | 00:30 06:30 12:30 18:30",
                "0 8-10 * * *    | 08:00 09:00 10:00",
                "0 8-20/5 * * *  | 08:00 13:00 18:00",
                "0,15,59 23 * * *| 23:00 23:15 23:59",
                "5 1,3-4 * * *   | 01:05 03:05 04:05",
                "' 00   07 * * *'| 07:00",
            })
    void firesAtTheMinutesNamed(String cron, String times) {
        Cron parsed = Cron.parse(cron);
        assertThat(IntStream.range(0, 1440)
                        .filter(parsed::firesAt)
                        .mapToObj(minute -> "%02d:%02d".formatted(minute / 60, minute % 60)))
                .containsExactly(times.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * 1 * *             | 2026-02-01",
                "* * * * MON           | 2026-02-02 2026-02-09 2026-02-16 2026-02-23",
                "* * * * mon-Tue       | 2026-02-02 2026-02-03 2026-02-09 2026-02-10 2026-02-16 2026-02-17"
                        + " 2026-02-23 2026-02-24",
                "* * * * 0             | 2026-02-01 2026-02-08 2026-02-15 2026-02-22",
                "* * * * 7             | 2026-02-01 2026-02-08 2026-02-15 2026-02-22",
                "* * * FEB SUN         | 2026-02-01 2026-02-08 2026-02-15 2026-02-22",
                "* * 13 * 5            | 2026-02-06 2026-02-13 2026-02-20 2026-02-27", // either
                "* * 15 2 5            | 2026-02-06 2026-02-13 2026-02-15 2026-02-20 2026-02-27",
                "* * */14 * 0          | 2026-02-01 2026-02-15", // a star: both
                "* * 1-7 * */7         | 2026-02-01",
                "* * 10-31/10 2 *      | 2026-02-10 2026-02-20",
                "* * 5,28,31 JAN-MAR * | 2026-02-05 2026-02-28",
            })
    void firesOnTheDaysNamed(String cron, String days) {
        Cron parsed = Cron.parse(cron);
        LocalDate february = LocalDate.of(2026, 2, 1);
        assertThat(february.datesUntil(february.plusMonths(1)).filter(parsed::firesOn))
                .containsExactly(
                        Stream.of(days.split(" ")).map(LocalDate::parse).toArray(LocalDate[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''             | has 0 fields, wanted are five",
                "* * * *        | has 4 fields, wanted are five",
                "* * * * * *    | has 6 fields, wanted are five",
                "@daily         | has 1 fields, wanted are five",
                "60 * * * *     | '60' as minute, wanted are 0 to 59, ranges",
                "* 24 * * *     | '24' as hour, wanted are 0 to 23, ranges",
                "* * 0 * *      | '0' as day-of-month, wanted are 1 to 31, ranges",
                "* * * 13 *     | '13' as month, wanted are 1 to 12 or JAN to DEC",
                "* * * MON *    | 'MON' as month",
                "* * * * 8      | '8' as day-of-week, wanted are 0 to 7 or SUN to SAT",
                "* * * * FRIDAY | 'FRIDAY' as day-of-week",
                "5-1 * * * *    | '5-1' as minute",
                "1-2-3 * * * *  | '1-2-3' as minute",
                "*/0 * * * *    | '*/0' as minute",
                "5/10 * * * *   | '5/10' as minute",
                "*/5/5 * * * *  | '*/5/5' as minute",
                "-1 * * * *     | '-1' as minute",
                "1, * * * *     | '' as minute",
                "* L * * *      | 'L' as hour",
                "* ? * * *      | '?' as hour",
                "1.5 * * * *    | '1.5' as minute",
                "0 0 30 2 *     | names a day-of-month that none of its months has",
                "0 0 31 4,6,9 * | names a day-of-month that none of its months has",
            })
    void saysWhichFieldIsWrong(String cron, String problem) {
        assertThatThrownBy(() -> Cron.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void findsLeapDaysAcrossACenturyWithoutOne() {
        FireTimes fires = new FireTimes(Cron.parse("0 12 29 2 *"), ZoneId.of("UTC"));

        assertThat(fires.after(Instant.parse("2024-02-29T12:00:00Z"))).isEqualTo("2028-02-29T12:00:00Z");
        assertThat(fires.after(Instant.parse("2096-02-29T12:00:00Z"))).isEqualTo("2104-02-29T12:00:00Z");
        assertThat(fires.atOrBefore(Instant.parse("2104-02-29T11:59:59Z"), Instant.parse("2095-01-01T00:00:00Z")))
                .contains(Instant.parse("2096-02-29T12:00:00Z"));
        assertThat(fires.atOrBefore(Instant.parse("2027-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void findsTheLastDaysOfMonths() {
        FireTimes fires = new FireTimes(Cron.parse("59 23 31 * *"), ZoneId.of("UTC"));
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        List<Instant> found =
                Stream.iterate(fires.after(time), fires::after).limit(7).toList();

        assertThat(found.stream().map(it -> it.toString().substring(5, 10)))
                .containsExactly("01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // spring: 02:00 to 03:00 is skipped, its times come at the leap
                "30 2 * * * | Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
                "0 3 * * *  | Europe/Berlin | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T01:00:00Z",
                "0 * * * *  | Europe/Berlin | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z",
                // autumn: 02:00 to 03:00 comes twice
                "30 2 * * * | Europe/Berlin | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z",
                "0 * * * *  | Europe/Berlin | 2026-10-24T23:00:00Z | 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z",
                "0 3 * * *  | Europe/Berlin | 2026-10-24T12:00:00Z | 2026-10-25T02:00:00Z 2026-10-26T02:00:00Z",
                // the night begins at one
                "0 0 * * *  | Africa/Cairo  | 2026-04-22T23:00:00Z | 2026-04-23T22:00:00Z 2026-04-24T21:00:00Z",
                // half an hour, in a half-hour zone
                "10 2 * * * | Australia/Lord_Howe | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:10:00Z",
                // a day that never was
                "0 9 30 12 *| Pacific/Apia  | 2011-12-01T00:00:00Z | 2011-12-30T10:00:00Z 2012-12-29T19:00:00Z",
            })
    void followsTheClocksOfItsZone(String cron, String zone, Instant after, String fires) {
        FireTimes times = new FireTimes(Cron.parse(cron), ZoneId.of(zone));

        assertThat(Stream.iterate(times.after(after), times::after).limit(2))
                .containsExactly(Stream.of(fires.split(" ")).map(Instant::parse).toArray(Instant[]::new));
    }
}
