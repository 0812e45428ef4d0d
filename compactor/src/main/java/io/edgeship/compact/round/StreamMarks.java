package io.edgeship.compact.round;

import io.edgeship.block.BlockId;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLock.Hold;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.mark.NoCompactReason;
import io.edgeship.compact.merge.Compacted;
import io.edgeship.compact.merge.LostStreamException;
import io.edgeship.compact.merge.PoisonedBlockException;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Planned;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.concurrent.Tasks;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// The marks that the work on one stream sets, each only while the stream's lock is held. Not thread-safe.
final class StreamMarks {
    /// Each mark is a request: a fortnight of blocks has 168 sources.
    private static final int AT_ONCE = 8;

    private static final Log LOG = Log.of(StreamMarks.class);

    private final Marks marks;
    private final StreamLock lock;
    private final RoundState state;

    StreamMarks(Marks marks, StreamLock lock, RoundState state) {
        this.marks = marks;
        this.lock = lock;
        this.state = state;
    }

    void outdated(List<Planned.Marking> planned) throws IOException {
        List<Callable<Void>> all = new ArrayList<>();
        for (Planned.Marking marking : planned) {
            all.add(() -> delete(marking.block(), new DeletionReason.Outdated()));
        }
        sideBySide(all);
    }

    /// Of what a plan made outdated.
    void outdated(CompactionPlan plan, Compacted compacted) throws IOException {
        Set<BlockId> sources = ids(plan.sources());
        Set<BlockId> outdated = Set.copyOf(compacted.outdated());
        List<Callable<Void>> all = new ArrayList<>();
        for (BucketBlock block : plan.outdated()) {
            BlockId id = block.meta().id();
            if (outdated.contains(id)) {
                DeletionReason why =
                        sources.contains(id) ? new DeletionReason.Compacted() : new DeletionReason.Outdated();
                all.add(() -> delete(block, why));
            }
        }
        sideBySide(all);
    }

    private Void delete(BucketBlock block, DeletionReason why) throws IOException {
        requireHeld(lock.assure());
        state.marked(block, why, marks.deleteSeen(block.meta().id(), why));
        return null;
    }

    /// Those that are under way when one fails are ended; what is not begun by then is not.
    private static void sideBySide(List<Callable<Void>> all) throws IOException {
        if (all.isEmpty()) {
            return;
        }
        int threads = Math.min(AT_ONCE, all.size());
        try (ExecutorService pool =
                Executors.newFixedThreadPool(threads, Thread.ofVirtual().factory())) {
            try {
                for (Future<Void> one : all.stream().map(pool::submit).toList()) {
                    Tasks.await(one, "marking blocks");
                }
            } catch (IOException | RuntimeException | Error e) {
                pool.shutdownNow(); // closing waits for them
                throw e;
            }
        }
    }

    /// Where nothing came of blocks that are said to hold samples, the same would be planned for ever.
    void aside(CompactionPlan plan, Compacted compacted) throws IOException {
        long finest = plan.resolutions().getFirst();
        if (compacted.written().stream().anyMatch(block -> block.resolutionMillis() == finest)) {
            return;
        }
        boolean isMerge = finest == plan.stream().resolutionMillis();
        String why = isMerge ? "no samples are left of it once it is merged" : "no samples are left of it downsampled";
        Set<BlockId> outdated = Set.copyOf(compacted.outdated());
        for (BucketBlock block : plan.sources()) {
            BlockId id = block.meta().id();
            if (outdated.contains(id)) {
                continue;
            }
            LOG.warn("block is left alone from now on", "block", id, "why", why);
            requireHeld(lock.assure());
            marks.noDownsample(id, NoCompactReason.NOTHING_LEFT, why);
            state.notDownsampled(block);
            if (isMerge) {
                marks.noCompact(id, NoCompactReason.NOTHING_LEFT, why);
                state.quarantined(block, why);
            }
        }
    }

    /// The stream goes on without it (I5). A block that is not compacted would still be downsampled, so it gets both
    /// marks.
    void quarantine(CompactionPlan plan, PoisonedBlockException poisoned) throws IOException {
        LOG.error("block is quarantined", poisoned, "block", poisoned.block());
        for (BucketBlock block : plan.sources()) {
            BlockId id = block.meta().id();
            if (id.equals(poisoned.block())) {
                requireHeld(lock.assure());
                marks.noDownsample(id, NoCompactReason.BROKEN, poisoned.problem());
                marks.noCompact(id, NoCompactReason.BROKEN, poisoned.problem());
                state.quarantined(block, poisoned.problem());
            }
        }
    }

    private static Set<BlockId> ids(List<BucketBlock> blocks) {
        return blocks.stream().map(block -> block.meta().id()).collect(Collectors.toSet());
    }

    static void requireHeld(Hold hold) throws IOException {
        if (hold != Hold.HELD) {
            throw new LostStreamException("working on");
        }
    }
}
