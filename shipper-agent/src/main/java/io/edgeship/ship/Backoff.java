package io.edgeship.ship;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after the n-th failure in a row: anything up to a bound that doubles, so that a fleet whose link
/// comes back does not call all at once ("full jitter"). Not thread-safe.
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    void succeeded() {
        failures = 0;
    }

    Duration afterFailure() {
        long bound = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures, 10));
        failures++;
        return Duration.ofMillis(random.nextLong(bound + 1));
    }

    /// What only a person can mend is not asked often: from half the longest wait on.
    Duration afterDenial() {
        long half = LONGEST.toMillis() / 2;
        return Duration.ofMillis(half + random.nextLong(half + 1));
    }
}
