package io.edgeship.compact.clean;

import io.edgeship.bucket.StoreClock;
import io.edgeship.runtime.config.Durations;
import java.time.Duration;
import java.util.Optional;

/// I6: age is told by the store's clock alone, and only while this machine's does not contradict it.
public final class ClocksAgree {
    /// Two clocks that are kept agree within seconds. Where they do not, one of them is wrong.
    public static final Duration APART_MAX = Duration.ofHours(1);

    private ClocksAgree() {}

    /// Why nothing may be marked or removed; empty if it may.
    public static Optional<String> obstacle(StoreClock clock) {
        Duration skew = clock.skew().orElse(null);
        if (skew == null) {
            return Optional.of("the store does not tell the time");
        }
        return skew.abs().compareTo(APART_MAX) <= 0
                ? Optional.empty()
                : Optional.of("this machine's clock and the store's are apart by " + Durations.print(skew.abs()));
    }
}
