package io.edgeship.queue.link;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/// A schedule of five fields, `minute hour day-of-month month day-of-week`, as cron reads them: lists, ranges, steps,
/// names of months and weekdays, 0 and 7 for Sunday. Where neither field of days begins with `*`, a day that either of
/// them names counts; else both must agree.
///
/// Each field is a set of bits: bit n stands for the value n.
record Cron(String text, long minutes, long hours, long days, long months, long weekdays, boolean eitherDay) {
    private static final int FIELDS = 5;

    /// Weekday and leap day meet again after at most 40 years.
    static final int YEARS_BETWEEN_DAYS_MAX = 41;

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> WEEKDAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// @throws IllegalArgumentException that names the field
    static Cron parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("has " + (text.isBlank() ? 0 : fields.length)
                    + " fields, wanted are five: minute hour day-of-month month day-of-week");
        }
        long weekdays = new Field("day-of-week", 0, 7, WEEKDAYS, 0).bits(fields[4]);
        Cron cron = new Cron(
                String.join(" ", fields),
                new Field("minute", 0, 59, List.of(), 0).bits(fields[0]),
                new Field("hour", 0, 23, List.of(), 0).bits(fields[1]),
                new Field("day-of-month", 1, 31, List.of(), 0).bits(fields[2]),
                new Field("month", 1, 12, MONTHS, 1).bits(fields[3]),
                (weekdays | (weekdays >> 7)) & 0x7f,
                !fields[2].startsWith("*") && !fields[4].startsWith("*"));
        if (!cron.everComes()) {
            throw new IllegalArgumentException("names a day-of-month that none of its months has");
        }
        return cron;
    }

    boolean firesOn(LocalDate date) {
        boolean day = has(days, date.getDayOfMonth());
        boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % 7);
        return has(months, date.getMonthValue()) && (eitherDay ? day || weekday : day && weekday);
    }

    /// @param minute of the day, from 0
    boolean firesAt(int minute) {
        return has(hours, minute / 60) && has(minutes, minute % 60);
    }

    private boolean everComes() {
        LocalDate first = LocalDate.of(2000, 1, 1);
        return first.datesUntil(first.plusYears(YEARS_BETWEEN_DAYS_MAX)).anyMatch(this::firesOn);
    }

    private static boolean has(long bits, int value) {
        return ((bits >> value) & 1) != 0;
    }

    @Override
    public String toString() {
        return text;
    }

    /// @param names     of the values from `firstName` on; empty where only numbers are known
    private record Field(String name, int min, int max, List<String> names, int firstName) {
        long bits(String text) {
            long bits = 0;
            for (String part : text.split(",", -1)) {
                bits |= part(part);
            }
            return bits;
        }

        private long part(String part) {
            String[] rangeAndStep = part.split("/", -1);
            if (rangeAndStep.length > 2) {
                throw wrong(part);
            }
            boolean stepped = rangeAndStep.length == 2;
            int from = min;
            int to = max;
            if (!rangeAndStep[0].equals("*")) {
                String[] ends = rangeAndStep[0].split("-", -1);
                if (ends.length > 2 || (stepped && ends.length == 1)) {
                    throw wrong(part);
                }
                from = value(ends[0], part);
                to = ends.length == 2 ? value(ends[1], part) : from;
            }
            int step = stepped ? number(rangeAndStep[1], part) : 1;
            if (from > to || step < 1) {
                throw wrong(part);
            }
            long bits = 0;
            for (int value = from; value <= to; value += step) {
                bits |= 1L << value;
            }
            return bits;
        }

        private int value(String text, String part) {
            int named = names.indexOf(text.toUpperCase(Locale.ROOT));
            int value = named >= 0 ? named + firstName : number(text, part);
            if (value < min || value > max) {
                throw wrong(part);
            }
            return value;
        }

        private int number(String text, String part) {
            if (!text.matches("\\d{1,3}")) {
                throw wrong(part);
            }
            return Integer.parseInt(text);
        }

        private IllegalArgumentException wrong(String part) {
            String known = names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast();
            return new IllegalArgumentException("has '%s' as %s, wanted are %d to %d%s, ranges a-b, steps */n or a-b/n"
                    .formatted(part, name, min, max, known));
        }
    }
}
