package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Windows against a model that looks at every minute.
class LinkWindowTest {
    private static final int DAYS = 30;
    private static final int MINUTES = DAYS * 1440;
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Africa/Cairo",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "America/Sao_Paulo",
            "Pacific/Apia");

    @Test
    void isOpenWhenTheModelSays() {
        for (long seed = 1; seed <= 120; seed++) {
            new Model(seed).compare();
        }
    }

    @Test
    void aWindowAcrossMonthAndYearIsOne() {
        LinkWindow.AtSite window = at("0 22 31 12 *", "4h", Duration.ofMinutes(1));

        assertThat(window.at(Instant.parse("2026-12-31T22:00:59Z")))
                .isEqualTo(new LinkWindow.Phase(false, Instant.parse("2026-12-31T22:01:00Z")));
        assertThat(window.at(Instant.parse("2026-12-31T22:01:00Z")))
                .isEqualTo(new LinkWindow.Phase(true, Instant.parse("2027-01-01T02:00:00Z")));
        assertThat(window.at(Instant.parse("2027-01-01T02:00:00Z")))
                .isEqualTo(new LinkWindow.Phase(false, Instant.parse("2027-12-31T22:01:00Z")));
    }

    @Test
    void theDelayOfASiteIsAtMostHalfOfTheWindow() {
        LinkWindow.AtSite window = at("0 22 * * *", "10m", Duration.ofHours(3));

        assertThat(window.at(Instant.parse("2026-11-25T22:04:59Z")).open()).isFalse();
        assertThat(window.at(Instant.parse("2026-11-25T22:05:00Z")).open()).isTrue();
    }

    @Test
    void aWindowThatNeverClosesIsAskedAgainNowAndThen() {
        LinkWindow.AtSite window = at("* * * * *", "1m", Duration.ofSeconds(20));
        Instant now = Instant.parse("2026-11-25T22:04:30Z");

        assertThat(window.at(now).open()).isTrue();
        assertThat(window.at(now).until()).isAfter(now.plus(Duration.ofDays(30)));
    }

    private static LinkWindow.AtSite at(String cron, String duration, Duration delay) {
        return new LinkWindow.AtSite(
                new LinkWindow(Cron.parse(cron), Durations.parse(duration), ZoneId.of("UTC"), LinkConfig.UNLIMITED),
                delay);
    }

    /// One random schedule, around a change of clocks.
    private static final class Model {
        private final Random random;
        private final String name;
        private final ZoneId zone;
        private final SortedSet<Integer> minutes;
        private final SortedSet<Integer> hours;
        private final SortedSet<Integer> days;
        private final SortedSet<Integer> weekdays;
        private final int durationMinutes;
        private final int delayMinutes;
        private Instant leapAt = Instant.MIN; // no other is within a month of it
        private final Instant begin;
        private final LinkWindow.AtSite window;

        Model(long seed) {
            random = new Random(seed);
            zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            minutes = some(0, 59, random.nextInt(3) == 0 ? 60 : 1 + random.nextInt(3));
            hours = some(0, 23, random.nextInt(3) == 0 ? 24 : 1 + random.nextInt(3));
            days = some(1, 31, random.nextBoolean() ? 31 : 1 + random.nextInt(5));
            weekdays = some(0, 6, random.nextBoolean() ? 7 : 1 + random.nextInt(3));
            durationMinutes = 1 + random.nextInt(new int[] {10, 90, 600, 4000}[random.nextInt(4)]);
            delayMinutes = random.nextInt(4) == 0 ? 0 : random.nextInt(1 + durationMinutes / 2);
            begin = aroundAChangeOfClocks();
            String cron = String.join(" ", text(minutes, 60), text(hours, 24), text(days, 31), "*", text(weekdays, 7));
            name = "seed %d: '%s' in %s for %dm, delayed by %dm"
                    .formatted(seed, cron, zone, durationMinutes, delayMinutes);
            window = new LinkWindow.AtSite(
                    new LinkWindow(Cron.parse(cron), Duration.ofMinutes(durationMinutes), zone, 0),
                    Duration.ofMinutes(delayMinutes));
        }

        private Instant aroundAChangeOfClocks() {
            Instant some = Instant.parse("2010-01-01T00:00:00Z").plus(random.nextInt(365 * 16), ChronoUnit.DAYS);
            ZoneOffsetTransition next = zone.getRules().nextTransition(some);
            Instant middle = next == null ? some : next.getInstant();
            leapAt = next == null || next.isOverlap() ? Instant.MIN : middle;
            return middle.minus(DAYS / 2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MINUTES);
        }

        private SortedSet<Integer> some(int min, int max, int count) {
            SortedSet<Integer> values = new TreeSet<>();
            while (values.size() < count) {
                values.add(min + random.nextInt(max - min + 1));
            }
            return values;
        }

        private static String text(SortedSet<Integer> values, int all) {
            return values.size() == all
                    ? "*"
                    : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        private boolean matches(LocalDateTime local) {
            boolean day = days.contains(local.getDayOfMonth());
            boolean weekday = weekdays.contains(local.getDayOfWeek().getValue() % 7);
            boolean either = days.size() < 31 && weekdays.size() < 7;
            return minutes.contains(local.getMinute())
                    && hours.contains(local.getHour())
                    && (either ? day || weekday : day && weekday);
        }

        private boolean fires(int minute) {
            Instant time = begin.plus(minute, ChronoUnit.MINUTES);
            if (matches(LocalDateTime.ofInstant(time, zone))) {
                return true;
            }
            if (!time.equals(leapAt)) {
                return false;
            }
            ZoneOffsetTransition leap = zone.getRules().nextTransition(time.minusNanos(1));
            LocalDateTime skipped = leap.getDateTimeBefore();
            for (; skipped.isBefore(leap.getDateTimeAfter()); skipped = skipped.plusMinutes(1)) {
                if (matches(skipped)) {
                    return true;
                }
            }
            return false;
        }

        private boolean[] open() {
            boolean[] open = new boolean[MINUTES];
            int until = Integer.MIN_VALUE; // of what is open
            int opens = 0;
            for (int minute = 0; minute < MINUTES; minute++) {
                if (fires(minute)) {
                    opens = until < minute ? minute + delayMinutes : opens;
                    until = minute + durationMinutes;
                }
                open[minute] = minute < until && minute >= opens;
            }
            return open;
        }

        void compare() {
            boolean[] open = open();
            int known = Math.min(durationMinutes + 1440, MINUTES / 2); // before, a window of earlier may be open
            List<Integer> asked = new ArrayList<>();
            random.ints(100, known, MINUTES).forEach(asked::add);
            IntStream.range(known + 1, MINUTES)
                    .filter(minute -> open[minute] != open[minute - 1])
                    .limit(100)
                    .forEach(minute -> asked.addAll(List.of(minute - 1, minute)));
            for (int minute : asked) {
                LinkWindow.Phase phase = window.at(begin.plus(minute, ChronoUnit.MINUTES));
                assertThat(phase.open()).as("%s, at minute %d", name, minute).isEqualTo(open[minute]);
                int change = minute;
                while (change < MINUTES && open[change] == open[minute]) {
                    change++;
                }
                if (change < MINUTES) {
                    assertThat(phase.until())
                            .as("%s, change after minute %d", name, minute)
                            .isEqualTo(begin.plus(change, ChronoUnit.MINUTES));
                }
            }
        }
    }
}
