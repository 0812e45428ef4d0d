package io.edgeship.fleet;

import io.edgeship.block.BlockId;

/// Objects under a ULID that no reader takes for a block: an upload under way, one that was given up, or a block
/// whose meta.json cannot be understood.
///
/// @param objects      how many there are
/// @param newestMillis when the last of them was written, by the store's clock
/// @param metaETag     of its meta.json, empty if there is none
/// @param why          for people
public record PartialBlock(BlockId id, State state, int objects, long newestMillis, String metaETag, String why) {
    /// What may become of it.
    public enum State {
        /// There is no meta.json, and nobody has seen one: an upload. It may be removed once it is abandoned.
        UPLOAD,
        /// There is no meta.json, and a deletion mark: a removal that was cut short.
        REMOVAL,
        /// Its meta.json is empty, cut off or no JSON at all, so that nobody can read it. As [#UPLOAD], as in Thanos.
        TORN,
        /// Its meta.json is there, and the store did not hand it out in this pass: a good block, most likely, of
        /// whatever stream. Left alone, and windows that it may belong to wait.
        UNREAD,
        /// It may be a good block: for a newer build, for other credentials, or for whoever puts its meta.json back.
        /// Left alone.
        HELD
    }

    public boolean isRemovable() {
        return state == State.UPLOAD || state == State.REMOVAL || state == State.TORN;
    }
}
