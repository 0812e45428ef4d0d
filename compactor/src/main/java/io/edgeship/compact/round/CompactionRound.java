package io.edgeship.compact.round;

import io.edgeship.bucket.Bucket;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.merge.Compaction;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.plan.Planner;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.log.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/// Plans, carries out, and plans again with what came of it, until nothing is left to do. Streams are worked on side
/// by side as far as threads and memory reach; one that fails stops no other (I5). Thread-safe.
public final class CompactionRound {
    /// What one pass makes the next may make larger, range by range, and a block that is found broken takes one more.
    /// A stream that is still not done then goes on in the next cycle.
    private static final int PASSES_MAX = 100;

    private static final Log LOG = Log.of(CompactionRound.class);

    private final RoundRules rules;
    private final StreamLocks locks;
    private final Compaction compaction;
    private final Marks marks;
    private final RoundWatcher watcher;
    private final BooleanSupplier stopping;
    private final PutOff putOff = new PutOff();

    /// @param stopping whether the process is to end: what is under way is dropped, and nothing is begun
    public CompactionRound(
            Bucket bucket, RoundRules rules, StreamLocks locks, BooleanSupplier stopping, RoundWatcher watcher) {
        this.watcher = watcher;
        this.stopping = stopping;
        this.rules = rules.at(bucket.isLocal());
        this.locks = locks;
        compaction = new Compaction(bucket, rules.merge());
        marks = new Marks(bucket);
    }

    /// @param listedAt by the store's clock, before the listing began that `view` is of
    /// @param now      by the store's clock
    public RoundReport run(BucketView view, Instant listedAt, Instant now) throws InterruptedException {
        RoundState state = new RoundState(view, now, putOff);
        MemoryBudget memory = new MemoryBudget(rules.plan().memoryBudgetBytes());
        Planned planned = Planner.plan(view, now, rules.plan());
        for (int pass = 0; ; pass++) {
            state.leaveOutFailed(planned);
            List<StreamWork> work = StreamWork.of(planned, rules.plan().replicaLabels(), state);
            if (work.isEmpty() || stopping.getAsBoolean()) {
                break;
            }
            if (pass == PASSES_MAX) {
                LOG.warn("work is left to the next cycle", "passes", pass, "streams", work.size());
                break;
            }
            runAll(
                    work.stream()
                            .map(one -> new StreamTask(one, state, compaction, marks, memory, stopping, watcher))
                            .toList(),
                    listedAt);
            planned = Planner.plan(state.view(), now, rules.plan());
        }
        return state.report(planned);
    }

    private void runAll(List<StreamTask> tasks, Instant listedAt) throws InterruptedException {
        int threads = Math.min(rules.concurrency(), tasks.size());
        try (ExecutorService crew = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("compact-", 1).factory())) {
            List<Future<?>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(crew.submit(() -> task.run(locks, listedAt))));
            try {
                for (Future<?> task : running) {
                    task.get();
                }
            } catch (InterruptedException e) {
                crew.shutdownNow(); // closing waits for them
                throw e;
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stream's task ended by itself", e.getCause());
        }
    }
}
