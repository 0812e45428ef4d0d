package io.edgeship.compact.round;

import io.edgeship.block.LabelSet;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.lock.Acquired;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLock.Hold;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.merge.Compacted;
import io.edgeship.compact.merge.Compaction;
import io.edgeship.compact.merge.LostStreamException;
import io.edgeship.compact.merge.PoisonedBlockException;
import io.edgeship.compact.merge.Progress;
import io.edgeship.compact.merge.UnverifiedException;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Does the work of one stream under its lock. Whatever goes wrong is that stream's alone: it is reported, and the
/// stream is left alone for the rest of the round.
final class StreamTask {
    private static final Log LOG = Log.of(StreamTask.class);

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

    private final StreamWork work;
    private final RoundState state;
    private final Compaction compaction;
    private final Marks marks;
    private final MemoryBudget memory;
    private final RoundWatcher watcher;
    private final BooleanSupplier stopping;
    private final String name;

    StreamTask(
            StreamWork work,
            RoundState state,
            Compaction compaction,
            Marks marks,
            MemoryBudget memory,
            BooleanSupplier stopping,
            RoundWatcher watcher) {
        this.watcher = watcher;
        this.work = work;
        this.state = state;
        this.compaction = compaction;
        this.marks = marks;
        this.memory = memory;
        this.stopping = stopping;
        name = LabelSet.of(work.labels()).toString();
    }

    /// @param listedAt before the listing began that the work was planned by
    void run(StreamLocks locks, Instant listedAt) {
        try {
            requireGoingOn();
            switch (locks.acquire(work.labels(), listedAt)) {
                case Acquired.Held(var lock) -> runAndRelease(lock);
                case Acquired.Busy(var holder, var until) -> {
                    LOG.info("another compactor has the stream", "stream", name, "holder", holder, "until", until);
                    state.busy(work.labels(), holder);
                }
                case Acquired.Stale(var lastUsed) -> {
                    LOG.info("another compactor had the stream since the listing", "stream", name, "at", lastUsed);
                    state.busy(work.labels(), "another compactor until " + lastUsed);
                }
            }
        } catch (LostStreamException e) {
            LOG.warn("another compactor has taken the stream", "stream", name, "err", e.getMessage());
            state.busy(work.labels(), "another compactor, which took it over");
        } catch (StoppedException e) {
            LOG.info("stream is left to the next cycle, for the process ends", "stream", name);
            state.close(work.labels());
        } catch (IOException | RuntimeException | Error e) { // such as too little memory: others need less
            LOG.error("stream is left alone until the next cycle", e, "stream", name);
            state.failed(work.labels(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            state.close(work.labels());
        }
    }

    private void runAndRelease(StreamLock lock) throws IOException, InterruptedException {
        try {
            StreamMarks set = new StreamMarks(marks, lock, state);
            set.outdated(work.marks());
            for (CompactionPlan plan : work.plans()) {
                attempt(plan, lock, set);
            }
        } finally {
            lock.release();
        }
    }

    /// A plan that cannot be carried out is no reason to leave the stream's others undone; a store that does not
    /// answer is, and a lock that is lost.
    private void attempt(CompactionPlan plan, StreamLock lock, StreamMarks set)
            throws IOException, InterruptedException {
        try {
            Compacted compacted = withinMemory(plan, lock);
            set.outdated(plan, compacted); // while another stream's plan has the memory
            set.aside(plan, compacted);
        } catch (PoisonedBlockException e) {
            set.quarantine(plan, e);
        } catch (LostStreamException
                | StoppedException
                | InterruptedIOException
                | BucketException.Unavailable
                | BucketException.Throttled e) {
            throw e;
        } catch (UnverifiedException | RuntimeException | Error e) { // no fault of the store's: it may come again
            LOG.error("blocks are left alone for a while", e, "stream", name, "blocks", plan.sourcesInWords());
            state.gaveUpForNow(plan, problem(plan, e));
        } catch (IOException e) {
            LOG.error("blocks are left alone until the next cycle", e, "stream", name, "range", plan.rangeInWords());
            state.gaveUp(plan, String.valueOf(e.getMessage()));
        }
    }

    private static String problem(CompactionPlan plan, Throwable e) {
        return "%s; the sources %s are as they were"
                .formatted(e.getMessage() == null ? e : e.getMessage(), plan.sourcesInWords());
    }

    private Compacted withinMemory(CompactionPlan plan, StreamLock lock) throws IOException, InterruptedException {
        CompactionPlan.Cost cost = plan.cost();
        MemoryBudget.Share share = memory.take(cost.memoryBytes(), cost.windowBytes());
        try {
            requireGoingOn();
            return run(plan, lock);
        } finally {
            watcher.ended(name);
            memory.giveBack(share);
        }
    }

    private Compacted run(CompactionPlan plan, StreamLock lock) throws IOException {
        LOG.info(
                "compacting",
                "stream",
                name,
                "blocks",
                plan.sources().size(),
                "range",
                plan.rangeInWords(),
                "why",
                plan.why());
        long begun = System.nanoTime();
        Compacted compacted = compaction.run(plan, () -> lock.renew() == Hold.HELD, new Lines(begun, lock));
        RoundReport.Done done = done(plan, compacted, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        LOG.info("compacted", "stream", name, "blocks", done.sources(), "ms", done.millis());
        state.done(done, compacted.written());
        return compacted;
    }

    private static RoundReport.Done done(CompactionPlan plan, Compacted compacted, long millis) {
        return new RoundReport.Done(
                plan.sources().size(),
                plan.stream().resolutionMillis(),
                compacted.written().stream().map(BucketBlock::resolutionMillis).toList(),
                plan.isVertical(),
                compacted.progress().receivedBytes(),
                compacted.progress().sentBytes(),
                millis);
    }

    private void requireGoingOn() throws IOException {
        if (stopping.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /// Ends what is under way.
    private static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// A line now and then while a plan takes long, and the lock kept meanwhile.
    private final class Lines implements Progress.Listener {
        private final StreamLock lock;
        private long last;

        Lines(long begun, StreamLock lock) {
            this.lock = lock;
            last = begun;
        }

        @Override
        public void at(Progress progress) throws IOException {
            requireGoingOn();
            memory.keepWithin();
            StreamMarks.requireHeld(lock.keep());
            watcher.at(name, progress);
            long now = System.nanoTime();
            if (now - last >= PROGRESS_EVERY.toNanos()) {
                last = now;
                LOG.info(
                        "compacting goes on",
                        "stream",
                        name,
                        "series",
                        progress.seriesDone(),
                        "of",
                        progress.seriesTotal(),
                        "read",
                        progress.receivedBytes());
            }
        }
    }
}
