package io.edgeship.ship.loki;

import io.edgeship.bucket.BucketException;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import java.io.IOException;
import java.util.Optional;

/// Sends segments by another transport, after a look at whether their chunks are whole, and once more where they
/// changed meanwhile. Used by one thread, as that one.
final class WholeChunkTransport implements Transport {
    /// A file that changes so often while it is sent is no longer Loki's doing.
    private static final int TRIES_MAX = 3;

    private final Transport transport;
    private final WholeChunks chunks;

    WholeChunkTransport(Transport transport, WholeChunks chunks) {
        this.transport = transport;
        this.chunks = chunks;
    }

    @Override
    public Outcome ship(Item item) throws IOException {
        Item whole = item;
        for (int tries = 1; ; tries++) {
            whole = chunks.mend(whole);
            try {
                return transport.ship(whole);
            } catch (BucketException.BodyUnreadable e) {
                if (tries == TRIES_MAX) {
                    throw e;
                }
                chunks.distrust();
            }
        }
    }

    @Override
    public boolean isAwaited(Item item) throws IOException {
        return transport.isAwaited(item);
    }

    @Override
    public Answer poll(Item item) throws IOException {
        return transport.poll(item);
    }

    @Override
    public Optional<String> restriction() {
        return transport.restriction();
    }

    @Override
    public Optional<String> cannotFinish() {
        return transport.cannotFinish();
    }
}
