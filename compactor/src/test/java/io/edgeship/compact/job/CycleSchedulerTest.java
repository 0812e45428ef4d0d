package io.edgeship.compact.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CycleSchedulerTest {
    private static final int SECONDS_MAX = 20;

    private final AtomicInteger atOnce = new AtomicInteger();
    private final CountDownLatch beside = new CountDownLatch(1);
    private final CountDownLatch cycles = new CountDownLatch(5);

    @Test
    void anIntervalBeginsAtOnceAndNeverTwoCyclesAtOnce() throws Exception {
        try (CycleScheduler _ = CycleScheduler.start(Schedule.every(Duration.ofMillis(1)), this::cycle)) {
            assertThat(cycles.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(beside.getCount()).as("no cycle began beside another").isEqualTo(1);
    }

    @Test
    void aCronExpressionBeginsWhenItSays() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (CycleScheduler _ = CycleScheduler.start(Schedule.cron("* * * * * ?"), begun::countDown)) {
            assertThat(begun.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingWaitsForTheCycleUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        CycleScheduler scheduler = CycleScheduler.start(Schedule.every(Duration.ofHours(1)), () -> {
            begun.countDown();
            await(mayEnd, SECONDS_MAX * 1000);
            ended.incrementAndGet();
        });
        assertThat(begun.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();

        Thread closing = Thread.ofPlatform().start(() -> close(scheduler));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (closing.getState() != Thread.State.TIMED_WAITING && closing.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(ended).hasValue(0);
        mayEnd.countDown();
        closing.join();

        assertThat(ended).hasValue(1);
    }

    @Test
    void aCycleThatThrowsIsFollowedByTheNext() throws Exception {
        CountDownLatch twice = new CountDownLatch(2);
        try (CycleScheduler _ = CycleScheduler.start(Schedule.every(Duration.ofMillis(10)), () -> {
            twice.countDown();
            throw new OutOfMemoryError("test");
        })) {
            assertThat(twice.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "every day", "0 0 25 * * ?", "* * * * *", "0 0 0 1 1 ? 2020"})
    void refusesAnExpressionThatMeansNoTime(String expression) {
        assertThatThrownBy(() -> Schedule.cron(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Waits a moment for another cycle to begin beside it, which would be wrong.
    private void cycle() {
        if (atOnce.incrementAndGet() > 1) {
            beside.countDown();
        }
        await(beside, 5);
        atOnce.decrementAndGet();
        cycles.countDown();
    }

    private static void await(CountDownLatch latch, long millisMax) {
        try {
            latch.await(millisMax, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(CycleScheduler scheduler) {
        try {
            scheduler.close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
