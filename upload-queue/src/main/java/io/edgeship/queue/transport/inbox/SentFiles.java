package io.edgeship.queue.transport.inbox;

import io.edgeship.queue.Item;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.Optional;

/// An item that was sent, held against what was sent of it.
final class SentFiles {
    private static final Log LOG = Log.of(SentFiles.class);

    private SentFiles() {}

    /// What its manifest says; empty if the disk no longer gives what was sent, for the bucket has it whole.
    static Optional<Description> readAgain(Item item, LedgerState state) {
        try {
            ItemStream stream = ItemStream.of(item, state.goesAsFiles());
            StreamCheck check = StreamCheck.of(stream, state.confirmed().inOrder());
            if (check.changed().isEmpty()) {
                return Optional.of(Description.of(stream, check));
            }
            LOG.error(
                    "bytes on disk are others than were sent",
                    "block",
                    item.id(),
                    "piece",
                    check.changed().getFirst());
        } catch (IOException e) {
            LOG.error("block cannot be read, to put its manifest once more", e, "block", item.id());
        }
        return Optional.empty();
    }
}
