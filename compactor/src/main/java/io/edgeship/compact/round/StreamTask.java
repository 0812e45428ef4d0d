package io.edgeship.compact.round;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.compact.lock.Acquired;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLock.Hold;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.mark.NoCompactReason;
import io.edgeship.compact.merge.Compacted;
import io.edgeship.compact.merge.Compaction;
import io.edgeship.compact.merge.PoisonedBlockException;
import io.edgeship.compact.merge.Progress;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Planned;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

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
    private final String name;

    StreamTask(StreamWork work, RoundState state, Compaction compaction, Marks marks, MemoryBudget memory) {
        this.work = work;
        this.state = state;
        this.compaction = compaction;
        this.marks = marks;
        this.memory = memory;
        name = LabelSet.of(work.labels()).toString();
    }

    /// @param listedAt before the listing began that the work was planned by
    void run(StreamLocks locks, Instant listedAt) {
        try {
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
        } catch (IOException | RuntimeException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            state.close(work.labels());
        }
    }

    private void failed(Exception e) {
        LOG.error("stream is left alone until the next cycle", e, "stream", name);
        state.failed(work.labels(), String.valueOf(e.getMessage()));
    }

    private void runAndRelease(StreamLock lock) throws IOException, InterruptedException {
        try {
            for (Planned.Marking marking : work.marks()) {
                mark(lock, marking.block().meta().id(), new DeletionReason.Outdated());
            }
            for (CompactionPlan plan : work.plans()) {
                long taken = memory.take(plan.cost().memoryBytes());
                try {
                    run(plan, lock);
                } finally {
                    memory.giveBack(taken);
                }
            }
        } finally {
            lock.release();
        }
    }

    private void run(CompactionPlan plan, StreamLock lock) throws IOException {
        LOG.info(
                "compacting",
                "stream",
                name,
                "blocks",
                plan.sources().size(),
                "range",
                plan.range(),
                "why",
                plan.why());
        long begun = System.nanoTime();
        try {
            Compacted compacted = compaction.run(plan, () -> lock.renew() == Hold.HELD, new Lines(begun, lock));
            RoundReport.Done done = done(plan, compacted, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            LOG.info("compacted", "stream", name, "blocks", done.sources(), "ms", done.millis());
            state.done(done, compacted.written());
            markOutdated(plan, compacted, lock);
        } catch (PoisonedBlockException e) {
            quarantine(e, lock);
        }
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

    private void markOutdated(CompactionPlan plan, Compacted compacted, StreamLock lock) throws IOException {
        Set<BlockId> sources = new HashSet<>();
        plan.sources().forEach(block -> sources.add(block.meta().id()));
        for (BlockId block : compacted.outdated()) {
            mark(lock, block, sources.contains(block) ? new DeletionReason.Compacted() : new DeletionReason.Outdated());
        }
    }

    private void mark(StreamLock lock, BlockId block, DeletionReason why) throws IOException {
        requireHeld(lock.assure());
        marks.delete(block, why);
        state.marked(block, why);
    }

    /// The stream goes on without it (I5).
    private void quarantine(PoisonedBlockException poisoned, StreamLock lock) throws IOException {
        LOG.error("block is quarantined", poisoned, "block", poisoned.block());
        requireHeld(lock.assure());
        marks.noCompact(poisoned.block(), NoCompactReason.BROKEN, poisoned.problem());
        state.quarantined(poisoned.block(), poisoned.problem());
    }

    private static void requireHeld(Hold hold) throws IOException {
        if (hold != Hold.HELD) {
            throw new IOException("another compactor has taken the stream");
        }
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
            memory.keepWithin();
            requireHeld(lock.keep());
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
