package io.edgeship.agent.status;

import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers and times as people read them.
final class Words {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String minute(Instant time) {
        return MINUTE.format(time) + " UTC";
    }

    /// A block's samples: `2026-11-25 10:00 to 12:00`, the second day only where it is another.
    static String span(Instant from, Instant until) {
        String begin = MINUTE.format(from);
        String end = MINUTE.format(until);
        int day = "yyyy-MM-dd ".length();
        return begin + " to " + (begin.regionMatches(0, end, 0, day) ? end.substring(day) : end);
    }

    /// Two units at most: `3 d 4 h`, `12 min`, `8 s`.
    static String duration(Duration duration) {
        long seconds = Math.abs(duration.toSeconds());
        long minutes = (seconds + 30) / 60;
        if (seconds < 90) {
            return seconds + " s";
        }
        if (minutes < 60) {
            return minutes + " min";
        }
        long hours = minutes / 60;
        return hours < 24 ? hours + " h " + minutes % 60 + " min" : "%,d d %d h".formatted(hours / 24, hours % 24);
    }

    /// `in 12 min`, `3 h 5 min ago`, `now`.
    static String from(Instant now, Instant time) {
        Duration left = Duration.between(now, time);
        if (left.abs().toSeconds() == 0) {
            return "now";
        }
        return left.isNegative() ? duration(left) + " ago" : "in " + duration(left);
    }

    /// `0.2 s ahead`, `3 h behind`.
    static String skew(Duration skew) {
        long millis = skew.toMillis();
        if (Math.abs(millis) < 1000) {
            return "none to speak of";
        }
        return duration(skew) + (millis > 0 ? " ahead of the store" : " behind the store");
    }

    static String rate(long bytesPerSecond) {
        return Sizes.print(bytesPerSecond) + " a second";
    }

    static String blocks(int count) {
        return count == 1 ? "1 block" : count + " blocks";
    }

    static String stage(SiteStatus.Stage stage) {
        return switch (stage) {
            case SENDING -> "sending";
            case READY -> "ready";
            case AWAITING_RECEIPT -> "awaits receipt";
            case INCOMING -> "incoming";
        };
    }

    /// `1.2 GiB of its own (limit 4.0 GiB), 3.4 GiB free on its disk, at the last scan`
    static String room(SiteStatus.Room room) {
        return "%s of its own (%s), %s free on its disk, at the last scan"
                .formatted(
                        Sizes.print(room.ownBytes()),
                        room.limitBytes() == 0 ? "no limit" : "limit " + Sizes.print(room.limitBytes()),
                        Sizes.print(room.freeBytes()));
    }
}
