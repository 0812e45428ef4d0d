package io.edgeship.agent.check;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Capabilities;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.config.Sizes;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/// What the store can do, what time it is there, and how fast it is reached.
final class StoreChecks {
    private static final Duration SKEW_GOOD = Duration.ofMinutes(1);
    private static final int SAMPLE_BYTES = 1 << 20;

    private StoreChecks() {}

    static Finding capabilities(Capabilities found) {
        String text = "writes on condition: %s, checks what it is sent: %s, deletes many at once: %s"
                .formatted(word(found.conditionalPut()), word(found.checksums()), word(found.batchDelete()));
        return found.checksums() == Capabilities.Support.NO
                ? Finding.warn(
                        Check.STORE,
                        text + ": bytes that change on the way are found by comparing alone",
                        "with transport: plain allow reading (s3:GetObject); inbox compares every hash at the centre")
                : Finding.pass(Check.STORE, text + "; shipping needs none of it");
    }

    private static String word(Capabilities.Support support) {
        return switch (support) {
            case YES -> "yes";
            case NO -> "no";
            case UNKNOWN -> "unknown (not allowed to try)";
        };
    }

    /// Never a failure: the agent goes by the store's clock.
    static Finding clock(Optional<Duration> skew) {
        if (skew.isEmpty()) {
            return Finding.warn(
                    Check.CLOCK,
                    "the store did not tell the time",
                    "mend the link; windows and budgets wait until it has");
        }
        Duration off = skew.get().abs();
        String text = off.isZero()
                ? "the same as the store's"
                : "%s %s the store".formatted(Durations.print(off), skew.get().isNegative() ? "behind" : "ahead of");
        return off.compareTo(SKEW_GOOD) < 0
                ? Finding.pass(Check.CLOCK, text)
                : Finding.warn(
                        Check.CLOCK,
                        text + ": shipping goes on by the store's clock, but Prometheus stamps its samples by this one",
                        "start NTP (chrony, systemd-timesyncd), and give the box a clock with a battery");
    }

    /// @param nanos        it took
    /// @param bytesPerDay  that the site makes; 0 where nobody knows
    static Finding throughput(long nanos, long bytesPerDay, String counted) {
        double perSecond = SAMPLE_BYTES / Math.max(1e-3, nanos / 1e9);
        String text = "%s sent in %d ms, %s a second; %s"
                .formatted(Sizes.print(SAMPLE_BYTES), nanos / 1_000_000, Sizes.print((long) perSecond), counted);
        double carries = perSecond * Duration.ofDays(1).toSeconds();
        return carries < bytesPerDay
                ? Finding.warn(
                        Check.THROUGHPUT,
                        text + "; the site makes " + Sizes.print(bytesPerDay) + " a day, more than that carries",
                        "ship less (relabelling, resolution: 5m), or find a faster link")
                : Finding.pass(Check.THROUGHPUT, text);
    }

    /// Puts 1 MiB that does not compress under a key that may be written, and a few bytes again.
    static Finding measure(Bucket bucket, String key, long bytesPerDay, String counted) {
        byte[] sample = new byte[SAMPLE_BYTES];
        new SplittableRandom(SAMPLE_BYTES).nextBytes(sample);
        long begin = System.nanoTime();
        Probe put = Probe.of(() -> bucket.put(key, Body.of(sample)));
        long nanos = System.nanoTime() - begin;
        Probe.of(() -> bucket.put(key, Body.of(new byte[] {0})));
        return switch (put.result()) {
            case DONE -> throughput(nanos, bytesPerDay, counted);
            case HELD_BACK -> Finding.skip(Check.THROUGHPUT, "the link is closed: " + put.words());
            case DENIED, MISSING, FAILED -> Finding.skip(Check.THROUGHPUT, "nothing could be sent: " + put.words());
        };
    }
}
