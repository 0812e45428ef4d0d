package io.edgeship.compact.retain;

import java.time.Duration;

/// How long samples are kept at each resolution, counted from a block's end; zero is for ever.
public record Periods(Duration raw, Duration fiveMinutes, Duration oneHour) {
    public static final Periods FOR_EVER = new Periods(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    static final long FIVE_MINUTES_MILLIS = 300_000;
    static final long ONE_HOUR_MILLIS = 3_600_000;

    public Periods {
        if (raw.isNegative() || fiveMinutes.isNegative() || oneHour.isNegative()) {
            throw new IllegalArgumentException(
                    "kept for less than no time: %s, %s, %s".formatted(raw, fiveMinutes, oneHour));
        }
    }

    /// Zero, which is for ever, for a resolution that nobody knows.
    Duration of(long resolutionMillis) {
        if (resolutionMillis == 0) {
            return raw;
        }
        if (resolutionMillis == FIVE_MINUTES_MILLIS) {
            return fiveMinutes;
        }
        return resolutionMillis == ONE_HOUR_MILLIS ? oneHour : Duration.ZERO;
    }

    /// Whether what ended so long ago is old enough to go.
    boolean areOver(long resolutionMillis, long ageMillis) {
        Duration period = of(resolutionMillis);
        return !period.isZero() && ageMillis > period.toMillis();
    }
}
