package io.edgeship.compact.intake;

import io.edgeship.fleet.BucketView;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Takes in items of one kind that have a manifest. For one cycle; not thread-safe.
public interface ItemTaker {
    /// Makes the one of a cycle.
    @FunctionalInterface
    interface Factory {
        /// @param view the bucket as the cycle's listing showed it
        /// @param now  by the store's clock
        ItemTaker of(BucketView view, Instant now);
    }

    /// @throws io.edgeship.bucket.BucketException what the store could not do; the next cycle goes on from there
    Fate take(InboxItem item) throws IOException;

    /// Whether the rest has to wait for the next cycle.
    boolean isFull();

    /// Items whose answer was postponed, to be finished once no more are taken.
    default List<InboxItem> postponed() {
        return List.of();
    }

    /// Answers an item that was postponed.
    default Fate finish(InboxItem item) throws IOException {
        throw new IllegalStateException("nothing was postponed, not " + item.prefix());
    }

    /// Of pieces, so far.
    long bytesRead();
}
