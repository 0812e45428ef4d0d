package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long KIB = 1 << 10;

    private final TestTime time = new TestTime("2026-11-25T00:00:00Z");

    private TokenBucket bucket(long rate, long burst) {
        return new TokenBucket(rate, burst, time::nanos, time::sleep);
    }

    @Test
    void letsABurstPassAtOnceAndThenTheRate() throws InterruptedIOException {
        TokenBucket bucket = bucket(64 * KIB, 128 * KIB);

        bucket.take(128 * KIB);
        assertThat(seconds()).isZero();
        bucket.take(64 * KIB);
        assertThat(seconds()).isBetween(1.0, 1.001);
        bucket.take(640 * KIB); // more than the burst
        assertThat(seconds()).isBetween(11.0, 11.001);
    }

    @Test
    void savesUpNoMoreThanABurst() throws InterruptedIOException {
        TokenBucket bucket = bucket(64 * KIB, 128 * KIB);
        time.pass(Duration.ofDays(1));
        double begun = seconds();

        bucket.take(192 * KIB);

        assertThat(seconds() - begun).isBetween(1.0, 1.001);
    }

    @Test
    void neverPassesMoreThanBurstAndRateInAnySpan() throws InterruptedIOException {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            long rate = 1000L + random.nextInt(100_000);
            long burst = 1000L + random.nextInt(100_000);
            TokenBucket bucket = bucket(rate, burst);
            List<double[]> passed = new ArrayList<>(); // at second, so many bytes until then
            double sum = 0;
            for (int i = 0; i < 300; i++) {
                long bytes = 1L + random.nextInt(60_000);
                bucket.take(bytes);
                for (double[] earlier : passed) {
                    assertThat(sum + bytes - earlier[1])
                            .as("seed %d, bytes from second %s to %s", seed, earlier[0], seconds())
                            .isLessThanOrEqualTo(burst + rate * (seconds() - earlier[0]) + 1);
                }
                sum += bytes;
                passed.add(new double[] {seconds(), sum});
                time.pass(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(3000) : 0));
            }
        }
    }

    @Test
    void aRateThatChangesIsSeenByWhoeverWaits() throws InterruptedIOException {
        TokenBucket[] bucket = new TokenBucket[1];
        bucket[0] = new TokenBucket(1000, 1000, time::nanos, nanos -> {
            time.sleep(nanos);
            if (seconds() == 10) { // once
                bucket[0].rate(LinkConfig.UNLIMITED, 1000);
            }
        });

        bucket[0].take(1_000_000);

        assertThat(seconds()).isBetween(10.0, 11.0);
        bucket[0].rate(1000, 1000);
        bucket[0].take(3000); // the new burst is all that is saved up
        assertThat(seconds()).isBetween(12.0, 13.01);
    }

    @Test
    void sharesTheRateAmongThreads() throws Exception {
        long rate = 1_000_000;
        long burst = 10_000;
        TokenBucket bucket = bucket(rate, burst);
        AtomicLong passed = new AtomicLong();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 16; thread++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        bucket.take(1000);
                        passed.addAndGet(1000);
                        assertThat(passed.get() - 1).isLessThanOrEqualTo((long) (burst + rate * seconds()));
                    }
                    return true;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(passed.get()).isEqualTo(3_200_000);
    }

    @Test
    void refusesARateThatWouldWaitForEver() {
        assertThatThrownBy(() -> bucket(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private double seconds() {
        return time.nanos() / 1e9;
    }
}
