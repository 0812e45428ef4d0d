package io.edgeship.queue.quota;

/// What gives way when the spool has no more room.
public enum OnFull {
    /// Nothing is deleted, and nothing new is taken: how long it stays is up to its source's retention.
    STOP,
    /// The oldest items are deleted.
    OLDEST,
    /// The oldest raw items are replaced by their 5-minute block; once that frees nothing more, the oldest are deleted.
    THIN
}
