package io.edgeship.bucket;

import java.io.InterruptedIOException;
import java.time.Duration;

/// What lies between here and the store, and whoever watches over it: asked before a request goes out, kept waiting
/// while its bytes go, told what went. Only what crosses a network is watched; a directory is not. Implementations are
/// thread-safe.
public interface Link {
    /// A link that nobody pays for.
    Link UNWATCHED = new Link() {
        @Override
        public void admit(long bodyBytes) {}

        @Override
        public void pace(int bytes) {}

        @Override
        public void sent(long bytes) {}

        @Override
        public void received(long bytes) {}

        @Override
        public Duration stallAfter(long bodyBytes) {
            return Duration.ZERO;
        }
    };

    /// Asked once before each try of a request.
    ///
    /// @param bodyBytes that the request's body has; 0 for one without
    /// @throws BucketException.HeldBack if it may not go out now
    void admit(long bodyBytes) throws BucketException.HeldBack;

    /// Waits until so many more bytes of a body may go out.
    ///
    /// @param bytes at most 64 KiB
    void pace(int bytes) throws InterruptedIOException;

    /// Bytes of a request were handed to the system: head and body, of every try, whether it succeeds or not.
    void sent(long bytes);

    /// Bytes of a reply came in: head and body.
    void received(long bytes);

    /// How long a request may stand still, neither sending nor receiving, before its connection is dropped. Zero: for
    /// ever.
    ///
    /// @param bodyBytes that the request's body has: the system may take in some of them before the link does
    Duration stallAfter(long bodyBytes);
}
