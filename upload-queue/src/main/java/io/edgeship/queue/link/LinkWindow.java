package io.edgeship.queue.link;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// A time at which the link has a rate of its own: from each time that `cron` names, for `duration`. Windows of one
/// entry that meet or overlap are one.
///
/// @param bytesPerSecond [LinkConfig#UNLIMITED], or 0: nothing passes
record LinkWindow(Cron cron, Duration duration, ZoneId zone, long bytesPerSecond) {
    static final Duration DURATION_MIN = Duration.ofMinutes(1);
    static final Duration DURATION_MAX = Duration.ofDays(31);

    /// A window that stays open for so long is asked again then.
    private static final Duration LOOK_AHEAD = Duration.ofDays(35);

    LinkWindow {
        if (duration.compareTo(DURATION_MIN) < 0 || duration.compareTo(DURATION_MAX) > 0) {
            throw new IllegalArgumentException("a window of " + duration + ", must be 1m to 31d");
        }
    }

    /// @param until when this may change, after the time asked for
    record Phase(boolean open, Instant until) {}

    /// When the window is open at a site. Not thread-safe.
    static final class AtSite {
        private final LinkWindow window;
        private final FireTimes fires;
        private final Duration duration;
        private final Duration delay;

        /// @param delay of the site; at most half of the window's length counts
        AtSite(LinkWindow window, Duration delay) {
            this.window = window;
            this.duration = window.duration;
            this.delay = delay.compareTo(duration.dividedBy(2)) > 0 ? duration.dividedBy(2) : delay;
            fires = new FireTimes(window.cron, window.zone);
        }

        long bytesPerSecond() {
            return window.bytesPerSecond;
        }

        Phase at(Instant time) {
            Optional<Instant> fired = fires.atOrBefore(time, time.minus(duration));
            if (fired.isEmpty() || !time.isBefore(fired.get().plus(duration))) {
                return new Phase(false, fires.after(time).plus(delay));
            }
            Instant begin = begin(fired.get(), time);
            Instant opens = begin.plus(delay);
            return time.isBefore(opens) ? new Phase(false, opens) : new Phase(true, end(fired.get()));
        }

        /// Where what is open at `time` began; or some later point of it from which the delay is over at `time`.
        private Instant begin(Instant fired, Instant time) {
            Instant begin = fired;
            while (time.isBefore(begin.plus(delay))) {
                Instant before = begin.minusSeconds(1);
                Optional<Instant> earlier = fires.atOrBefore(before, begin.minus(duration));
                if (earlier.isEmpty()) {
                    return begin;
                }
                begin = earlier.get();
            }
            return begin;
        }

        private Instant end(Instant fired) {
            Instant end = fired.plus(duration);
            Instant limit = fired.plus(LOOK_AHEAD);
            while (end.isBefore(limit)) {
                Optional<Instant> next = fires.atOrBefore(end, fired);
                Instant later = next.map(at -> at.plus(duration)).orElse(end);
                if (!later.isAfter(end)) {
                    return end;
                }
                end = later;
            }
            return end;
        }
    }
}
