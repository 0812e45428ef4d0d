package io.edgeship.queue.quota;

import io.edgeship.block.BlockId;
import java.util.Comparator;

/// An item that may give way.
///
/// @param minTimeMillis of its data
/// @param freesBytes    by deleting it
/// @param thins         whether it is a raw block that its 5-minute block could replace
public record Candidate(BlockId id, long minTimeMillis, long freesBytes, Standing standing, boolean thins) {
    /// The order in which items go, oldest data first in each.
    static final Comparator<Candidate> ORDER = Comparator.comparing(Candidate::standing)
            .thenComparingLong(Candidate::minTimeMillis)
            .thenComparing(Candidate::id);

    /// What deleting the item would cost beside its data; the dearer, the later it goes.
    public enum Standing {
        /// In quarantine: it is on record as lost already.
        ASIDE,
        WAITING,
        /// Part of it was sent, or all of it and only the receipt is outstanding.
        BEGUN,
        /// It is being sent right now: it never goes.
        SENDING
    }
}
