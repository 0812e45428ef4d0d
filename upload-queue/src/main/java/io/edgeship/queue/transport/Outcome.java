package io.edgeship.queue.transport;

/// How an attempt to ship an item ended; what can be tried again is an exception instead.
public sealed interface Outcome {
    /// The bucket holds the block, every file confirmed.
    ///
    /// @param bytesSent what this attempt put on the link: request bodies, not counting retries below
    ///     [io.edgeship.bucket.Bucket]
    record Shipped(long bytesSent) implements Outcome {}

    /// The bucket already held the very same block, every file confirmed.
    ///
    /// @param bytesSent more than zero if a file was missing there and had to be sent
    record AlreadyThere(long bytesSent) implements Outcome {}

    /// Every byte is in the bucket; what becomes of it is for the centre to say ([Transport#poll]).
    record Delivered(long bytesSent) implements Outcome {}

    /// The bucket holds a different block under this ULID. It was not touched.
    record Quarantine(String reason) implements Outcome {}
}
