package io.edgeship.queue.transport;

import io.edgeship.queue.Item;
import java.io.IOException;
import java.util.Optional;

/// A way for an item to reach the bucket. What went is kept beside the item, so that every method may be repeated after
/// a crash at any moment. Used by one thread but for [#restriction] and [#cannotFinish].
public interface Transport {
    /// Sends what is not there yet.
    ///
    /// @throws io.edgeship.bucket.BucketException what the bucket could not do; what it confirmed is kept
    Outcome ship(Item item) throws IOException;

    /// Whether the item was sent whole and only the centre's answer is outstanding: then [#ship] has nothing to do.
    default boolean isAwaited(Item item) throws IOException {
        return false;
    }

    /// Asks, in one small request, for the answer to an awaited item.
    ///
    /// @throws io.edgeship.bucket.BucketException what the bucket could not do
    default Answer poll(Item item) throws IOException {
        throw new IllegalStateException(item.id() + " awaits no answer");
    }

    /// What the credentials do not allow and shipping does without, for people; empty where nothing is missing. May be
    /// called by any thread.
    default Optional<String> restriction() {
        return Optional.empty();
    }

    /// Why this transport will never finish on this link, for people; empty where it may. May be called by any thread.
    default Optional<String> cannotFinish() {
        return Optional.empty();
    }

    /// What the centre says of an item.
    sealed interface Answer {
        /// Nothing yet.
        record Waiting() implements Answer {}

        /// The block is in the bucket: the spool may let go of it.
        record Accepted() implements Answer {}

        /// Pieces are gone or damaged. They are owed again: the item is no longer awaited.
        record Missing(int pieces, long bytes) implements Answer {}

        /// Its pack will never be taken. Its files are owed: the item is no longer awaited.
        record PackRejected(String why) implements Answer {}

        /// It will never be taken.
        record Rejected(String why) implements Answer {}

        /// The centre has to be upgraded first; it is asked again later.
        record TooNew(String why) implements Answer {}
    }
}
