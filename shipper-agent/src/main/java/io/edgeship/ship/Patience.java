package io.edgeship.ship;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after the n-th failure in a row: anything up to a bound that doubles, so that a fleet whose link
/// comes back does not call all at once ("full jitter"). There is no last try. Not thread-safe.
final class Patience {
    /// After a cut on which something got through before: the link is bad, not down.
    private static final Duration AFTER_PROGRESS = Duration.ofMillis(250);

    private static final int DOUBLINGS_MAX = 20;

    private final RandomGenerator random;
    private int fruitless;
    private boolean progressed;

    Patience(RandomGenerator random) {
        this.random = random;
    }

    /// The bucket confirmed something.
    void progressed() {
        progressed = true;
        fruitless = 0;
    }

    /// How many failures there were since the bucket last confirmed something.
    int fruitless() {
        return fruitless;
    }

    Duration after(Trouble trouble) {
        boolean afterProgress = progressed;
        progressed = false;
        if (trouble == Trouble.HELD_BACK) {
            return trouble.longest();
        }
        int before = fruitless++;
        if (afterProgress && trouble == Trouble.NETWORK) {
            return upTo(AFTER_PROGRESS);
        }
        long doubled = trouble.first().toMillis() << Math.min(before, DOUBLINGS_MAX);
        Duration bound = Duration.ofMillis(Math.min(doubled, trouble.longest().toMillis()));
        // What only a person can mend is not asked often: from half the bound on.
        return trouble == Trouble.AUTH ? bound.dividedBy(2).plus(upTo(bound.dividedBy(2))) : upTo(bound);
    }

    private Duration upTo(Duration bound) {
        return Duration.ofMillis(random.nextLong(bound.toMillis() + 1));
    }
}
