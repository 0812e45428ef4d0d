package io.edgeship.compact.round;

import io.edgeship.block.LabelSet;
import io.edgeship.bucket.Bucket;
import io.edgeship.compact.lock.Acquired;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.mark.Marks;
import io.edgeship.compact.merge.LostStreamException;
import io.edgeship.compact.plan.Stream;
import io.edgeship.compact.retain.Retained;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Marks what is older than it is kept, each stream under its lock. A stream that another compactor has, or that
/// fails, is reported and left to the next cycle. Not thread-safe.
public final class RetentionRound {
    private static final Log LOG = Log.of(RetentionRound.class);

    private final StreamLocks locks;
    private final Marks marks;
    private final Set<String> replicaLabels;

    public RetentionRound(Bucket bucket, StreamLocks locks, Set<String> replicaLabels) {
        this.locks = locks;
        this.replicaLabels = Set.copyOf(replicaLabels);
        marks = new Marks(bucket);
    }

    /// @param listedAt by the store's clock, before the listing began that it was decided by
    public RetentionReport mark(Retained decided, Instant listedAt) {
        Map<SortedMap<String, String>, List<Retained.Marking>> byStream = new LinkedHashMap<>();
        for (Retained.Marking marking : decided.markings()) {
            byStream.computeIfAbsent(Stream.of(marking.block(), replicaLabels).labels(), _ -> new ArrayList<>())
                    .add(marking);
        }
        Tally tally = new Tally();
        byStream.forEach((labels, some) -> stream(labels, some, listedAt, tally));
        return new RetentionReport(decided, tally.marked, tally.failures, tally.busy);
    }

    private void stream(
            SortedMap<String, String> labels, List<Retained.Marking> markings, Instant listedAt, Tally tally) {
        String name = LabelSet.of(labels).toString();
        try {
            switch (locks.acquire(labels, listedAt)) {
                case Acquired.Held(var lock) -> mark(lock, markings, tally.marked);
                case Acquired.Busy busy -> tally.busy(name, busy.holder());
                case Acquired.Stale(var lastUsed) -> tally.busy(name, "another compactor until " + lastUsed);
            }
        } catch (LostStreamException e) {
            tally.busy(name, "another compactor, which took it over");
        } catch (IOException | RuntimeException e) {
            LOG.error("retention is left to the next cycle", e, "stream", name);
            tally.failures.put(name, "retention: " + e.getMessage());
        }
    }

    private void mark(StreamLock lock, List<Retained.Marking> markings, List<BucketBlock> marked) throws IOException {
        try {
            for (Retained.Marking marking : markings) {
                if (lock.assure() != StreamLock.Hold.HELD) {
                    throw new LostStreamException("marking what is over");
                }
                LOG.info(
                        "marking a block for deletion",
                        "block",
                        marking.block().meta().id(),
                        "why",
                        marking.why().text());
                marked.add(marking.block()
                        .withDeletionMark(
                                marks.deleteSeen(marking.block().meta().id(), marking.why())));
            }
        } finally {
            lock.release();
        }
    }

    /// What was done so far.
    private static final class Tally {
        private final List<BucketBlock> marked = new ArrayList<>();
        private final Map<String, String> failures = new TreeMap<>();
        private final Map<String, String> busy = new TreeMap<>();

        void busy(String stream, String holder) {
            LOG.info("retention is left to the next cycle", "stream", stream, "busy", holder);
            busy.put(stream, holder);
        }
    }
}
