package io.edgeship.queue.link;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// When a [Cron] fires by the clocks of a zone: at every minute whose local time matches. An hour that the clocks skip
/// fires at their leap; an hour that they show twice fires twice. Not thread-safe: it remembers the days asked last.
final class FireTimes {
    private static final int MINUTES_A_DAY = 24 * 60;
    private static final int DAYS_REMEMBERED = 8;

    /// Around a change of clocks, and where a whole day is skipped, a day's times lie among those of its neighbours.
    private static final int NEIGHBOUR_DAYS = 1;

    private final Cron cron;
    private final ZoneRules zone;
    private final int[] minutes;
    private final Map<LocalDate, long[]> remembered = new LinkedHashMap<>();

    FireTimes(Cron cron, ZoneId zone) {
        this.cron = cron;
        this.zone = zone.getRules();
        minutes = IntStream.range(0, MINUTES_A_DAY).filter(cron::firesAt).toArray();
    }

    /// The last time at or before `time`, but none before `earliest`.
    Optional<Instant> atOrBefore(Instant time, Instant earliest) {
        long last = Long.MIN_VALUE;
        LocalDate day = dateOf(time).plusDays(NEIGHBOUR_DAYS);
        LocalDate end = dateOf(earliest).minusDays(NEIGHBOUR_DAYS);
        int more = NEIGHBOUR_DAYS;
        for (; more >= 0 && !day.isBefore(end); day = day.minusDays(1)) {
            long[] times = on(day);
            int after = upperBound(times, time.getEpochSecond());
            last = after > 0 ? Math.max(last, times[after - 1]) : last;
            more -= last == Long.MIN_VALUE ? 0 : 1;
        }
        return last < earliest.getEpochSecond() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(last));
    }

    /// The first time after `time`.
    Instant after(Instant time) {
        long first = Long.MAX_VALUE;
        LocalDate day = dateOf(time).minusDays(NEIGHBOUR_DAYS);
        LocalDate end = day.plusYears(Cron.YEARS_BETWEEN_DAYS_MAX);
        int more = NEIGHBOUR_DAYS;
        for (; more >= 0 && day.isBefore(end); day = day.plusDays(1)) {
            long[] times = on(day);
            int after = upperBound(times, time.getEpochSecond());
            first = after < times.length ? Math.min(first, times[after]) : first;
            more -= first == Long.MAX_VALUE ? 0 : 1;
        }
        if (first == Long.MAX_VALUE) {
            throw new IllegalStateException(cron + " never comes");
        }
        return Instant.ofEpochSecond(first);
    }

    private LocalDate dateOf(Instant time) {
        return LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, zone.getOffset(time))
                .toLocalDate();
    }

    /// In epoch seconds, ascending.
    private long[] on(LocalDate day) {
        if (!cron.firesOn(day)) {
            return new long[0];
        }
        long[] known = remembered.get(day);
        if (known == null) {
            known = Arrays.stream(minutes)
                    .mapToObj(minute -> day.atTime(minute / 60, minute % 60))
                    .flatMapToLong(this::instants)
                    .sorted()
                    .toArray();
            if (remembered.size() >= DAYS_REMEMBERED) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            remembered.put(day, known);
        }
        return known;
    }

    private LongStream instants(LocalDateTime local) {
        if (zone.getValidOffsets(local).isEmpty()) {
            return LongStream.of(zone.getTransition(local).toEpochSecond());
        }
        return zone.getValidOffsets(local).stream().mapToLong((ZoneOffset offset) -> local.toEpochSecond(offset));
    }

    /// How many of the times are at or before `second`.
    private static int upperBound(long[] times, long second) {
        int low = 0;
        int high = times.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] <= second) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
