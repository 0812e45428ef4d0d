package io.edgeship.block.synthetic;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to make up.
///
/// @param sites  1 to 10 000
/// @param series of each site, 1 to 10 million
/// @param days   1 to 3650
/// @param step   between two samples of a series: 1 second to 1 hour
public record SyntheticSpec(int sites, int series, int days, Duration step, long seed, Instant start) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");
    private static final Set<String> KEYS = Set.of("sites", "series", "days", "step", "seed", "start");
    private static final int SITES_MAX = 10_000;
    private static final int SERIES_MAX = 10_000_000;
    private static final int DAYS_MAX = 3650;

    public SyntheticSpec {
        require(sites >= 1 && sites <= SITES_MAX, "sites are 1 to " + SITES_MAX);
        require(series >= 1 && series <= SERIES_MAX, "series are 1 to " + SERIES_MAX);
        require(days >= 1 && days <= DAYS_MAX, "days are 1 to " + DAYS_MAX);
        require(
                step.compareTo(Duration.ofSeconds(1)) >= 0 && step.compareTo(Duration.ofHours(1)) <= 0,
                "step is 1s to 1h");
    }

    /// Reads `sites=10,series=1200,days=15,step=30s,seed=1,start=2026-01-01`; each may be left out, and then is as
    /// here.
    ///
    /// @throws IllegalArgumentException with a message fit for people
    public static SyntheticSpec parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            require(
                    equals > 0 && KEYS.contains(key),
                    "'" + pair + "' is not one of sites=, series=, days=, step=, seed=, start=");
            require(values.put(key, pair.substring(equals + 1)) == null, key + " is there twice");
        }
        return new SyntheticSpec(
                (int) number(values, "sites", 10),
                (int) number(values, "series", 1200),
                (int) number(values, "days", 15),
                duration(values.getOrDefault("step", "30s")),
                number(values, "seed", 1),
                day(values.getOrDefault("start", "2026-01-01")));
    }

    /// How many samples there will be, but for series that come and go.
    public long samples() {
        return (long) sites * series * (Duration.ofDays(days).toMillis() / step.toMillis());
    }

    private static long number(Map<String, String> values, String key, long otherwise) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        require(value.matches("[0-9]{1,9}"), key + "=" + value + " is not a whole number");
        return Long.parseLong(value);
    }

    private static Duration duration(String value) {
        Matcher matcher = DURATION.matcher(value);
        require(matcher.matches(), "step=" + value + " is not a duration like 30s");
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Instant day(String value) {
        try {
            return LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException _) {
            throw new IllegalArgumentException("start=" + value + " is not a day like 2026-01-31");
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public String toString() {
        return "sites=%d,series=%d,days=%d,step=%ds,seed=%d,start=%s"
                .formatted(sites, series, days, step.toSeconds(), seed, LocalDate.ofInstant(start, ZoneOffset.UTC));
    }
}
