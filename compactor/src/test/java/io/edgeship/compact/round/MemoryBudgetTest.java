package io.edgeship.compact.round;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MemoryBudgetTest {
    private static final long TOTAL = 100;

    private static final long MIB = 1 << 20;

    private final FakeHeap heap = new FakeHeap();
    private final MemoryBudget budget = new MemoryBudget(TOTAL, heap);

    /// In the order in which they were served.
    private final List<String> served = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatIsMoreThanTheWholeGetsTheWholeAndGivesItBack() throws InterruptedException {
        MemoryBudget.Share taken = budget.take(Long.MAX_VALUE, 0);
        assertThat(taken.bytes()).isEqualTo(TOTAL);
        Thread small = waiting("small", 1);

        assertThat(served).isEmpty();
        budget.giveBack(taken);
        small.join();
        assertThat(served).containsExactly("small");
        assertThat(budget.take(TOTAL, 0).bytes()).isEqualTo(TOTAL); // all of it is free again
    }

    @Test
    void aLargeOneThatAskedFirstIsServedBeforeSmallOnesThatWouldFit() throws InterruptedException {
        MemoryBudget.Share first = budget.take(60, 0);
        Thread large = waiting("large", 80);
        Thread small = waiting("small", 30);
        assertThat(served).isEmpty(); // though 40 are free

        budget.giveBack(first);
        large.join();
        small.join();
        assertThat(served).containsExactly("large", "small");
    }

    @Test
    void whoeverIsInterruptedLeavesTheQueueAndTakesNothing() throws InterruptedException {
        MemoryBudget.Share first = budget.take(60, 0);
        Thread large = waiting("large", 80);
        Thread small = waiting("small", 40);

        large.interrupt();
        large.join();
        small.join();
        assertThat(served).containsExactlyInAnyOrder("large interrupted", "small");
        budget.giveBack(first);
        assertThat(budget.take(TOTAL, 0).bytes()).isEqualTo(TOTAL);
    }

    @Test
    void neverIsMoreTakenThanThereIs() throws InterruptedException {
        AtomicLong taken = new AtomicLong();
        AtomicLong most = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (long seed = 1; seed <= 8; seed++) {
            Random random = new Random(seed);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int turn = 0; turn < 200; turn++) {
                    try {
                        MemoryBudget.Share got = budget.take(1 + random.nextInt(120), random.nextInt(60));
                        most.accumulateAndGet(taken.addAndGet(got.bytes()), Math::max);
                        taken.addAndGet(-got.bytes());
                        budget.giveBack(got);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isPositive().isLessThanOrEqualTo(TOTAL);
        assertThat(taken.get()).isZero();
        assertThat(budget.take(TOTAL, 0).bytes()).isEqualTo(TOTAL);
    }

    @Test
    void whatThePlanBeforeLeftGoesBeforeTheNextOneBegins() throws InterruptedException {
        MemoryBudget large = new MemoryBudget(200 * MIB, heap);
        MemoryBudget.Share first = large.take(100 * MIB, 60 * MIB);
        heap.usedBytes = 40 * MIB;
        heap.liveBytes = 5 * MIB;
        large.keepWithin();
        assertThat(heap.collections).isZero(); // it is what the plan was reckoned to hold
        large.giveBack(first);

        large.take(10 * MIB, 0);

        assertThat(heap.collections).isEqualTo(1);
    }

    @Test
    void whatIsOutsideTheHeapIsNoReasonForGarbageInIt() throws InterruptedException {
        MemoryBudget large = new MemoryBudget(200 * MIB, heap);
        large.take(100 * MIB, 60 * MIB);
        heap.usedBytes = 60 * MIB;
        heap.liveBytes = 30 * MIB;

        large.keepWithin();

        assertThat(heap.collections).isEqualTo(1);
    }

    @Test
    void aPlanThatHoldsMoreThanWasReckonedIsNotCollectedOverAndOver() throws InterruptedException {
        MemoryBudget large = new MemoryBudget(200 * MIB, heap);
        large.take(10 * MIB, 0);
        heap.usedBytes = 90 * MIB;
        heap.liveBytes = 80 * MIB;
        for (int series = 0; series < 1000; series++) {
            large.keepWithin();
            heap.usedBytes = Math.min(heap.usedBytes + MIB / 100, 95 * MIB);
        }

        assertThat(heap.collections).isEqualTo(1);
    }

    /// A thread that stands in the queue, or is through, once this returns; it gives back at once what it gets.
    private Thread waiting(String name, long bytes) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name(name).start(() -> {
            begun.countDown();
            try {
                MemoryBudget.Share got = budget.take(bytes, 0);
                served.add(name);
                budget.giveBack(got);
            } catch (InterruptedException e) {
                served.add(name + " interrupted");
            }
        });
        assertThat(begun.await(10, SECONDS)).isTrue();
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return thread;
    }

    /// Of which all but what is alive goes when it is collected.
    private static final class FakeHeap implements MemoryBudget.Heap {
        private long usedBytes; // all three within the lock of the budget, or by the one thread there is
        private long liveBytes;
        private int collections;

        @Override
        public long usedBytes() {
            return usedBytes;
        }

        @Override
        public void collect() {
            collections++;
            usedBytes = liveBytes;
        }
    }
}
