package io.edgeship.queue.transport.inbox;

import io.edgeship.block.message.v1.Manifest;
import io.edgeship.queue.Item;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The files of an item that was sent, held against what was sent of them.
final class SentFiles {
    private static final Log LOG = Log.of(SentFiles.class);

    private SentFiles() {}

    /// The files with their digests; empty if the disk no longer gives what was sent, for the bucket has it whole.
    static Optional<List<Manifest.File>> readAgain(Item item, LedgerState state) {
        try {
            StreamCheck check =
                    StreamCheck.of(ItemStream.of(item), state.confirmed().inOrder());
            if (check.changed().isEmpty()) {
                return Optional.of(check.files());
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
