package io.edgeship.queue.transport.inbox;

import io.edgeship.block.BlockId;

/// The item that was read whole last, to be told in its manifest: a link that fails there does not cost another pass
/// over the disk.
///
/// @param attempt     of the manifest that it was read for
/// @param description for that manifest
record CheckedItem(BlockId id, int attempt, Description description) {
    /// Whether the manifest that is due is the one that it was read for.
    boolean isFor(BlockId item, LedgerState state, ItemStream stream) {
        return id.equals(item)
                && state.sentAtMs().isPresent()
                && attempt == state.attempt()
                && description.isPack() == stream.isPack()
                && state.confirmed().bytes() == stream.sizeBytes();
    }
}
