package io.edgeship.queue.quota;

import io.edgeship.block.BlockId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Decides what gives way; pure.
public final class Eviction {
    private Eviction() {}

    /// What is to be done next. After all but [Enough] and [Full] the caller looks again.
    public sealed interface Plan {
        /// There is room.
        record Enough() implements Plan {}

        /// This raw item is to be replaced by its 5-minute block.
        record Thin(BlockId id) implements Plan {}

        /// These items are to be deleted, in this order.
        record Evict(List<BlockId> ids) implements Plan {
            public Evict {
                ids = List.copyOf(ids);
            }
        }

        /// There is no room, and nothing that may be done about it.
        record Full(long lackingBytes) implements Plan {}
    }

    /// @param items in any order
    public static Plan plan(List<Candidate> items, SpoolUse use, SpoolLimits limits) {
        long lacking = limits.lackingBytes(use);
        if (lacking == 0) {
            return new Plan.Enough();
        }
        List<Candidate> candidates = items.stream()
                .filter(item -> item.standing() != Candidate.Standing.SENDING && item.freesBytes() > 0)
                .sorted(Candidate.ORDER)
                .toList();
        return switch (limits.onFull()) {
            case STOP -> new Plan.Full(lacking);
            case OLDEST -> evict(candidates, lacking);
            case THIN -> oldestRaw(candidates).<Plan>map(Plan.Thin::new).orElseGet(() -> evict(candidates, lacking));
        };
    }

    /// What was begun stays as it is: half of the raw block is at the other end already.
    private static Optional<BlockId> oldestRaw(List<Candidate> candidates) {
        return candidates.stream()
                .filter(item -> item.thins() && item.standing() == Candidate.Standing.WAITING)
                .min(Comparator.comparingLong(Candidate::minTimeMillis).thenComparing(Candidate::id))
                .map(Candidate::id);
    }

    private static Plan evict(List<Candidate> candidates, long lackingBytes) {
        List<BlockId> ids = new ArrayList<>();
        long freed = 0;
        for (Candidate item : candidates) {
            if (freed >= lackingBytes) {
                break;
            }
            ids.add(item.id());
            freed += item.freesBytes();
        }
        return ids.isEmpty() ? new Plan.Full(lackingBytes) : new Plan.Evict(ids);
    }
}
