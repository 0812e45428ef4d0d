package io.edgeship.runtime.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Prometheus writes them: `30s`, `1m30s`, `2d`, `1w`, `500ms`, `0`. A year has 365 days.
public final class Durations {
    private static final Pattern FORMAT = Pattern.compile(
            "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final long[] UNIT_MILLIS = {
        365 * 86_400_000L, 7 * 86_400_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
    };
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

    private Durations() {}

    /// @throws IllegalArgumentException with a message fit for people
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = FORMAT.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            throw new IllegalArgumentException("not a duration like 30s, 1m30s or 2d");
        }
        long millis = 0;
        try {
            for (int unit = 0; unit < UNITS.length; unit++) {
                if (parts.group(unit + 1) != null) {
                    long count = Long.parseLong(parts.group(unit + 1));
                    millis = Math.addExact(millis, Math.multiplyExact(count, UNIT_MILLIS[unit]));
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("a duration too long to count", e);
        }
        return Duration.ofMillis(millis);
    }

    /// What [#parse] reads back, in the largest units; years and weeks are left out as Prometheus does for mixed ones.
    public static String print(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        millis = Math.abs(millis);
        for (int unit = 2; unit < UNITS.length; unit++) {
            if (millis >= UNIT_MILLIS[unit]) {
                text.append(millis / UNIT_MILLIS[unit]).append(UNITS[unit]);
                millis %= UNIT_MILLIS[unit];
            }
        }
        return text.toString();
    }
}
