package io.edgeship.compact.lock;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A stream's lock that was ours when it was granted. Whoever is about to do what two must not do asks once more:
/// [#renew] just before a `meta.json`, [#assure] before each mark, [#keep] now and then while the work goes on.
/// Thread-safe.
public final class StreamLock {
    /// So long after a proof nobody can have taken it, with room for a clock that tells whole seconds.
    static final Duration PROOF = StreamLocks.LEASE.dividedBy(10);

    private static final Duration RENEW_AFTER = StreamLocks.LEASE.dividedBy(3);

    private static final Log LOG = Log.of(StreamLock.class);

    private final Bucket bucket;
    private final String key;
    private final String stream;
    private final String holder;
    private final LongSupplier nanoTime;
    private final boolean guarded;
    private String eTag;
    private long provenAtNanos;
    private boolean lost;

    /// Whether the stream may still be written.
    public enum Hold {
        HELD,

        /// Another compactor has taken it, or its object is gone: nothing more may be committed or marked. For good.
        LOST
    }

    private StreamLock(
            Bucket bucket, String key, String stream, String holder, LongSupplier nanoTime, boolean guarded) {
        this.bucket = bucket;
        this.key = key;
        this.stream = stream;
        this.holder = holder;
        this.nanoTime = nanoTime;
        this.guarded = guarded;
        eTag = "";
    }

    /// @param eTag          of the lock as it was written
    /// @param provenAtNanos when that was asked for
    static StreamLock of(
            Bucket bucket, String key, LockFile mine, LongSupplier nanoTime, String eTag, long provenAtNanos) {
        StreamLock lock = new StreamLock(bucket, key, mine.stream(), mine.holder(), nanoTime, true);
        lock.eTag = eTag;
        lock.provenAtNanos = provenAtNanos;
        return lock;
    }

    static StreamLock unguarded(Bucket bucket, String key, String stream, String holder) {
        return new StreamLock(bucket, key, stream, holder, () -> 0, false);
    }

    /// Proves it by a conditional write.
    ///
    /// @throws BucketException if the store cannot be asked; then nothing is proven, and it may be asked again
    public synchronized Hold renew() throws IOException {
        if (!guarded || lost) {
            return lost ? Hold.LOST : Hold.HELD;
        }
        long askedAt = nanoTime.getAsLong();
        if (replace(false)) {
            provenAtNanos = askedAt;
            return Hold.HELD;
        }
        lost = true;
        LOG.error("another compactor has taken the lock of a stream, what was begun is dropped", "stream", stream);
        return Hold.LOST;
    }

    /// As [#renew], without a request where it was proven within [#PROOF].
    public Hold assure() throws IOException {
        return isProven(PROOF) ? Hold.HELD : renew();
    }

    /// As [#renew], once a third of the lease has passed: for work that takes long.
    public Hold keep() throws IOException {
        return isProven(RENEW_AFTER) ? Hold.HELD : renew();
    }

    /// Frees the stream for the next. A lock that cannot be released now expires.
    public synchronized void release() {
        if (!guarded || lost) {
            return;
        }
        lost = true;
        try {
            replace(true);
        } catch (IOException e) {
            LOG.warn("lock could not be released, it expires", e, "key", key);
        }
    }

    private synchronized boolean isProven(Duration within) {
        return !lost && (!guarded || nanoTime.getAsLong() - provenAtNanos < within.toNanos());
    }

    private boolean replace(boolean released) throws IOException {
        Body next = LockFile.of(stream, holder, released).body();
        try {
            eTag = bucket.putIfMatches(key, next, eTag).eTag();
            return true;
        } catch (BucketException.PreconditionFailed e) {
            return replaceOwn(next);
        }
    }

    /// What is there may be a write of ours whose reply got lost.
    private boolean replaceOwn(Body next) throws IOException {
        Optional<ObjectInfo> there = bucket.head(key);
        Optional<LockFile> written = LockFile.read(bucket, key);
        if (there.isEmpty()
                || written.filter(lock -> lock.holder().equals(holder)).isEmpty()) {
            return false;
        }
        try {
            eTag = bucket.putIfMatches(key, next, there.get().eTag()).eTag();
            return true;
        } catch (BucketException.PreconditionFailed e) {
            return false;
        }
    }
}
