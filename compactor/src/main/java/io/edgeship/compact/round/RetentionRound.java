package io.edgeship.compact.round;

import io.edgeship.bucket.Bucket;
import io.edgeship.compact.lock.Acquired;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.mark.Marks;
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

/// Marks what is older than it is kept, each stream under its lock. A stream that another compactor has, or that
/// fails,
/// is left to the next cycle.
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

    /// @param listedAt by the store's clock, before the listing began that the markings were decided by
    /// @return the blocks that were marked, with their marks
    public List<BucketBlock> mark(List<Retained.Marking> markings, Instant listedAt, Instant now) {
        Map<SortedMap<String, String>, List<Retained.Marking>> byStream = new LinkedHashMap<>();
        for (Retained.Marking marking : markings) {
            byStream.computeIfAbsent(Stream.of(marking.block(), replicaLabels).labels(), _ -> new ArrayList<>())
                    .add(marking);
        }
        List<BucketBlock> marked = new ArrayList<>();
        byStream.forEach((labels, some) -> {
            try {
                if (locks.acquire(labels, listedAt) instanceof Acquired.Held(var lock)) {
                    mark(lock, some, now, marked);
                } else {
                    LOG.info("another compactor has the stream, retention is left to the next cycle", "stream", labels);
                }
            } catch (IOException | RuntimeException e) {
                LOG.error("retention is left to the next cycle", e, "stream", labels);
            }
        });
        return marked;
    }

    private void mark(StreamLock lock, List<Retained.Marking> markings, Instant now, List<BucketBlock> marked)
            throws IOException {
        try {
            for (Retained.Marking marking : markings) {
                if (lock.assure() != StreamLock.Hold.HELD) {
                    return;
                }
                LOG.info(
                        "marking a block for deletion",
                        "block",
                        marking.block().meta().id(),
                        "why",
                        marking.why().text());
                marks.delete(marking.block().meta().id(), marking.why());
                marked.add(marking.block()
                        .withDeletionMark(new BucketBlock.SeenMark(
                                BucketBlock.millis(now), "", marking.why().details())));
            }
        } finally {
            lock.release();
        }
    }
}
