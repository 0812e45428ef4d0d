package io.edgeship.compact.intake;

import io.edgeship.block.message.PieceName;
import io.edgeship.fleet.BucketBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of an item in one cycle.
public sealed interface Fate {
    /// Its block is in the bucket, every byte compared.
    ///
    /// @param block what this cycle wrote; null where it was there before, or was accepted before
    record Accepted(@Nullable BucketBlock block) implements Fate {}

    /// Pieces are gone or damaged.
    record Missing(List<PieceName> pieces) implements Fate {
        public Missing {
            pieces = List.copyOf(pieces);
        }
    }

    /// It breaks a rule.
    record Rejected(String why) implements Fate {}

    /// Of a later version than this build reads.
    record TooNew(String why) implements Fate {}

    /// Not answered: something must end first, by itself or by a person.
    record Held(String why) implements Fate {}

    /// Judged well, and answered in this cycle once what it shares with other items is written.
    record Postponed() implements Fate {}

    /// Answered before; nothing has changed since.
    record Told() implements Fate {}

    /// It was answered for good before; what lay there was a late duplicate and is removed.
    record Cleared() implements Fate {}

    /// The manifest went since the listing.
    record Gone() implements Fate {}
}
