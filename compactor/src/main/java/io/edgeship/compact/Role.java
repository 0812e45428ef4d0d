package io.edgeship.compact;

/// A part of a cycle that can be switched off, so that several compactors, or one and Thanos', share a bucket.
enum Role {
    /// Takes in what sites sent to the inbox.
    INTAKE,
    /// Takes in log chunks, and makes the central Loki's indexes of them.
    LOGS,
    /// Publishes the bucket index and each site's freshness.
    FLEET,
    /// Makes larger blocks of small ones.
    COMPACT,
    /// Makes 5-minute and 1-hour blocks.
    DOWNSAMPLE,
    /// Marks blocks that are older than they are to be kept.
    RETAIN,
    /// Removes marked blocks and abandoned uploads.
    CLEAN
}
