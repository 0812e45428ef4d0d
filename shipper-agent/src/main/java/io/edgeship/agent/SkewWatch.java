package io.edgeship.agent;

import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.util.Optional;

/// Says how far this machine's clock is off, by the store's. Nothing of ours depends on it, but what Prometheus writes
/// does. Used by one thread, but for [#text].
final class SkewWatch {
    private static final Log LOG = Log.of(SkewWatch.class);

    /// Dashboards begin to look wrong.
    static final Duration WARN = Duration.ofMinutes(1);

    private boolean warned;

    /// Says it once, when it begins, and once when it is over.
    void look(Optional<Duration> skew) {
        if (skew.isEmpty() || isOff(skew.get()) == warned) {
            return;
        }
        warned = !warned;
        if (warned) {
            LOG.warn("this machine's clock is off: samples bear wrong times, set the clock", "skew", text(skew));
        } else {
            LOG.info("this machine's clock is right again", "skew", text(skew));
        }
    }

    static boolean isOff(Duration skew) {
        return skew.abs().compareTo(WARN) > 0;
    }

    /// `2d 3h ahead of the store's`
    static String text(Optional<Duration> skew) {
        if (skew.isEmpty()) {
            return "not known: the store has not told the time";
        }
        Duration by = skew.get().abs();
        String amount = by.toDays() > 0
                ? "%dd %dh".formatted(by.toDays(), by.toHoursPart())
                : by.toHours() > 0
                        ? "%dh %dm".formatted(by.toHours(), by.toMinutesPart())
                        : by.toMinutes() > 0
                                ? "%dm %ds".formatted(by.toMinutes(), by.toSecondsPart())
                                : "%d s".formatted(by.toSeconds());
        if (by.toSeconds() == 0) {
            return "as the store's";
        }
        String where = skew.get().isNegative() ? " behind the store's" : " ahead of the store's";
        return amount + where + (isOff(skew.get()) ? ": set the clock" : "");
    }
}
