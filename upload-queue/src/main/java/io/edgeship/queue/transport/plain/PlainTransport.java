package io.edgeship.queue.transport.plain;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockDifference;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.queue.Item;
import io.edgeship.queue.journal.Disk;
import io.edgeship.queue.link.PieceSizing;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Ships one item at a time: the parts of all files, then the objects they make, then a check of every object, then
/// `meta.json` (I1). Safe to repeat after a crash at any moment. Used by one thread; [#restriction] and [#cannotFinish]
/// may be called by any.
public final class PlainTransport implements Transport {
    /// How often the commit is tried in one attempt: another `meta.json` may appear and go.
    private static final int COMMITS_MAX = 3;

    private final Bucket bucket;
    private final Disk disk;
    private final PlainConfig config;
    private final UploadProgress progress;
    private final LossWatch watch;
    private final Looks looks;
    private final KnownDigests digests = new KnownDigests();

    /// @param sizing how large a part may be now ([PlainConfig#sizing]); files that are not larger go whole
    /// @param wire   bytes that went out so far, all requests together
    public PlainTransport(
            Bucket bucket, PlainConfig config, PieceSizing sizing, LongSupplier wire, UploadProgress progress) {
        this(bucket, config, sizing, wire, progress, Disk.system());
    }

    /// @param disk that the ledgers lie on
    public PlainTransport(
            Bucket bucket,
            PlainConfig config,
            PieceSizing sizing,
            LongSupplier wire,
            UploadProgress progress,
            Disk disk) {
        this.bucket = bucket;
        this.disk = disk;
        this.config = config;
        this.progress = progress;
        this.watch = new LossWatch(sizing, wire);
        this.looks = new Looks(bucket);
    }

    /// What the credentials do not allow and shipping does without, for people; empty if nothing is missing.
    @Override
    public Optional<String> restriction() {
        return looks.restriction();
    }

    /// Why this transport does not suit the link, for people; empty if it does, as far as is known.
    @Override
    public Optional<String> cannotFinish() {
        return watch.cannotFinish();
    }

    /// What the bucket confirmed of an item so far, by what is kept beside it. May be called by any thread and beside
    /// the item's owner.
    public static long confirmedBytes(Item item) throws IOException {
        return PartLedger.look(item.dir()).acknowledgedBytes();
    }

    @Override
    public Outcome ship(Item item) throws IOException {
        BlockMeta meta = item.meta();
        String metaKey = BucketLayout.metaKey(item.id());
        Looks.Look there = looks.at(metaKey); // before anything is written: often the link is down
        try (PartLedger ledger = PartLedger.open(item.dir(), disk)) {
            PartSender sender = new PartSender(
                    watch, digests, () -> progress.confirmed(item.id(), ledger.acknowledgedBytes(), item.sizeBytes()));
            BlockUpload upload =
                    new BlockUpload(new Attempt(bucket, looks, sender, ledger), item, config.multipartMaxAge());
            for (int commit = 0; commit < COMMITS_MAX; commit++) {
                if (there instanceof Looks.Look.Present) {
                    Optional<Outcome.Quarantine> stranger = stranger(meta, metaKey);
                    if (stranger.isPresent()) {
                        return stranger.get();
                    }
                    upload.mend();
                    return new Outcome.AlreadyThere(sender.bytesSent());
                }
                upload.send();
                Body body = Body.of(stamped(item, meta));
                if (commit(metaKey, body)) {
                    upload.mend(); // a cleanup that took the block for given up may have been at it
                    return new Outcome.Shipped(sender.bytesSent() + body.sizeBytes());
                }
                there = lookAgain(metaKey);
            }
        }
        throw new BucketException.Unavailable("confirming " + metaKey + ": it is not what was stored", null);
    }

    private byte[] stamped(Item item, BlockMeta meta) throws IOException {
        ThanosMeta thanos = meta.thanos();
        if (thanos == null) {
            throw new IllegalStateException(item.dir() + " is not sealed");
        }
        Instant now = bucket.clock()
                .now()
                .orElseThrow(() -> new BucketException.Unavailable(
                        "stamping meta.json of " + item.id() + ": the store has not told the time yet", null));
        return meta.withThanos(thanos.withUploadTime(now)).toJson();
    }

    /// The commit point: from the put on readers see the block. Returns false if another `meta.json` was
    /// there first, or the store does not hold what it was given.
    private boolean commit(String metaKey, Body body) throws IOException {
        String reply;
        try {
            if (bucket.capabilities().conditionalPut() == Capabilities.Support.YES) {
                reply = bucket.putIfAbsent(metaKey, body).eTag();
            } else if (looks.at(metaKey) instanceof Looks.Look.Present) {
                return false; // sending took long: somebody was faster
            } else {
                reply = bucket.put(metaKey, body).eTag();
            }
        } catch (BucketException.PreconditionFailed _) {
            return false;
        }
        ObjectDigest digest = new ObjectDigest(List.of(PartDigests.of(body)), false);
        Looks.Check check = looks.confirm(metaKey, digest);
        return switch (check) {
            case Looks.Check.Compared _ -> check.isThere();
            case Looks.Check.Hidden(var why) -> Looks.proves(reply, digest, metaKey, why);
            case Looks.Check.Denied(var why) -> Looks.proves(reply, digest, metaKey, why);
        };
    }

    /// What was in the way of the commit.
    private Looks.Look lookAgain(String metaKey) throws BucketException {
        Looks.Look there = looks.at(metaKey);
        if (there instanceof Looks.Look.Denied(var why)) {
            throw Looks.unreadable("storing " + metaKey + ": another meta.json is there and cannot be read", why);
        }
        return there;
    }

    /// A block of this ULID is committed already: ours from an earlier try, the same shipped by somebody
    /// else, or a stranger. The stranger is never touched.
    private Optional<Outcome.Quarantine> stranger(BlockMeta ours, String metaKey) throws IOException {
        Optional<String> difference;
        try {
            BlockMeta theirs = BlockMeta.parse(metaKey, looks.read(metaKey, JsonObject.BYTES_MAX));
            difference = BlockDifference.between(ours, theirs);
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            difference = Optional.of(String.valueOf(e.getMessage()));
        }
        return difference.map(what ->
                new Outcome.Quarantine("%s is another block's in %s: %s".formatted(metaKey, bucket.location(), what)));
    }
}
