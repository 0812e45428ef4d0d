package io.edgeship.compact.lock;

import io.edgeship.block.LabelSet;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// The locks by which one compactor at a time writes a stream: one object a stream, replaced by conditional writes.
/// It is never deleted, so that whoever takes it sees when it was last used. A lock that was not renewed for [#LEASE]
/// counts as left behind, by the time the store gives the object and the store's clock: what is in it decides
/// nothing.
///
/// Where the store has no conditional writes every lock is granted and nothing is written: the operator sees to it
/// that one compactor runs. Thread-safe.
public final class StreamLocks {
    /// Longer than a busy process, or a link that is away for a moment, leaves a lock without renewal.
    public static final Duration LEASE = Duration.ofMinutes(10);

    private static final Log LOG = Log.of(StreamLocks.class);

    private final Bucket bucket;
    private final String holder;
    private final LongSupplier nanoTime;
    private final AtomicBoolean toldAlone = new AtomicBoolean();

    /// @param holder names this process among all that ever run: machine, process id, and a random number
    public StreamLocks(Bucket bucket, String holder) {
        this(bucket, holder, System::nanoTime);
    }

    /// @param nanoTime by which a proof grows old
    public StreamLocks(Bucket bucket, String holder, LongSupplier nanoTime) {
        this.bucket = bucket;
        this.holder = holder;
        this.nanoTime = nanoTime;
    }

    /// Asks for the lock of the stream of these external labels, whatever the resolution.
    ///
    /// @param listedAt by the store's clock, before the listing began that the plan was made from; what another
    ///     compactor did later is not in the plan
    public Acquired acquire(Map<String, String> labels, Instant listedAt) throws IOException {
        String stream = LabelSet.of(labels).toString();
        String key = BucketLayout.lockKey(NameHash.of(stream));
        if (bucket.capabilities().conditionalPut() == Support.NO) {
            return alone(key, stream);
        }
        try {
            Optional<ObjectInfo> there = bucket.head(key);
            return there.isEmpty() ? first(key, stream) : next(key, stream, there.get(), listedAt);
        } catch (BucketException.Unsupported e) {
            return alone(key, stream);
        }
    }

    /// As [#acquire], for work that lists only once it has the lock: whatever was done before is in its listing.
    public Acquired acquireToList(Map<String, String> labels) throws IOException {
        return acquire(labels, Instant.MAX);
    }

    private Acquired alone(String key, String stream) {
        if (!toldAlone.getAndSet(true)) {
            LOG.warn(
                    "the store has no conditional writes, so nothing keeps two compactors apart: run one only",
                    "bucket",
                    bucket.location());
        }
        return new Acquired.Held(StreamLock.unguarded(bucket, key, stream, holder));
    }

    private Acquired first(String key, String stream) throws IOException {
        LockFile mine = LockFile.of(stream, holder, false);
        return take(key, mine, () -> bucket.putIfAbsent(key, mine.body()));
    }

    private Acquired next(String key, String stream, ObjectInfo there, Instant listedAt) throws IOException {
        Instant until = there.lastModified().plus(LEASE);
        boolean expired = until.isBefore(bucket.clock().bestTime());
        boolean usedSince = !there.lastModified().isBefore(listedAt.truncatedTo(ChronoUnit.SECONDS));
        Optional<LockFile> known = expired && !usedSince ? Optional.empty() : LockFile.read(bucket, key);
        if (!expired && !known.map(LockFile::released).orElse(false)) {
            return new Acquired.Busy(holderOf(known), until);
        }
        if (usedSince && !holderOf(known).equals(holder)) {
            return new Acquired.Stale(there.lastModified());
        }
        LockFile mine = LockFile.of(stream, holder, false);
        return take(key, mine, () -> bucket.putIfMatches(key, mine.body(), there.eTag()));
    }

    private interface Write {
        ObjectInfo run() throws IOException;
    }

    private Acquired take(String key, LockFile mine, Write write) throws IOException {
        long askedAt = nanoTime.getAsLong();
        try {
            String eTag = write.run().eTag();
            return new Acquired.Held(StreamLock.of(bucket, key, mine, nanoTime, eTag, askedAt));
        } catch (BucketException.PreconditionFailed e) {
            Instant until = bucket.clock().bestTime().plus(LEASE);
            return new Acquired.Busy(holderOf(LockFile.read(bucket, key)), until); // somebody was faster
        }
    }

    private static String holderOf(Optional<LockFile> lock) {
        return lock.map(LockFile::holder).orElse("unknown");
    }
}
