package io.edgeship.queue.transport.plain;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.BlockDifference;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.FileBody;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.queue.Item;
import io.edgeship.queue.transport.Outcome;
import io.edgeship.queue.transport.Transport;
import io.edgeship.queue.transport.UploadProgress;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ships one item at a time: every file, then a check of every file, then `meta.json` (I1). Safe to repeat after a
/// crash at any moment. Not thread-safe.
public final class Uploader implements Transport {
    /// How often a file that the bucket lost or holds wrongly is sent again within one attempt.
    private static final int REPAIRS_MAX = 2;

    private final Bucket bucket;
    private final UploaderConfig config;
    private final UploadProgress progress;

    public Uploader(Bucket bucket, UploaderConfig config, UploadProgress progress) {
        this.bucket = bucket;
        this.config = config;
        this.progress = progress;
    }

    @Override
    public Outcome ship(Item item) throws IOException {
        BlockMeta meta = item.meta();
        String metaKey = BucketLayout.metaKey(item.id());
        long sent = 0;
        for (int attempt = 0; attempt <= REPAIRS_MAX; attempt++) {
            if (bucket.head(metaKey).isPresent()) {
                return settle(item, meta, metaKey, sent);
            }
            sent += sendFiles(item, false);
            Body body = Body.of(stamped(item, meta));
            if (commit(metaKey, body)) {
                return new Outcome.Shipped(sent + body.sizeBytes());
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
        try {
            if (bucket.capabilities().conditionalPut() == Capabilities.Support.YES) {
                bucket.putIfAbsent(metaKey, body);
            } else if (bucket.head(metaKey).isEmpty()) { // sending took long: somebody may have been faster
                bucket.put(metaKey, body);
            } else {
                return false;
            }
        } catch (BucketException.PreconditionFailed _) {
            return false;
        }
        ObjectDigest digest = new ObjectDigest(List.of(PartDigests.of(body)), false);
        return isThere(bucket.confirm(metaKey, digest));
    }

    /// Sends what is not there yet and returns once every file is there as it should be.
    ///
    /// @param committed whether `meta.json` is there already: then a file that is there is compared before it
    ///     is sent again
    private long sendFiles(Item item, boolean committed) throws IOException {
        List<Item.DataFile> files = item.dataFiles();
        try (PartLedger ledger = PartLedger.open(item.dir())) {
            long sent = 0;
            for (int repair = 0; repair <= REPAIRS_MAX; repair++) {
                List<Item.DataFile> owed = new ArrayList<>();
                for (Item.DataFile file : files) {
                    if (!committed || ledger.isDone(file.relativePath()) || !holdsBytesOf(item, file)) {
                        sent += send(item, ledger, file);
                        owed.add(file);
                    }
                }
                if (allConfirmed(item, ledger, owed)) {
                    return sent;
                }
            }
        }
        throw new BucketException.Unavailable(
                "confirming the files of " + item.id() + ": the bucket loses or changes what it was sent", null);
    }

    /// Reads an object back, which somebody may have sent in parts that we do not know.
    private boolean holdsBytesOf(Item item, Item.DataFile file) throws IOException {
        String key = BucketLayout.key(item.id(), file.relativePath());
        Optional<ObjectInfo> there = bucket.head(key);
        if (there.isEmpty() || there.get().sizeBytes() != file.sizeBytes()) {
            return false;
        }
        try (InputStream theirs = bucket.get(key)) {
            return PartDigests.of(theirs).equals(PartDigests.of(new FileBody(file.path(), 0, file.sizeBytes())));
        }
    }

    private long send(Item item, PartLedger ledger, Item.DataFile file) throws IOException {
        Runnable acknowledged = () -> progress.confirmed(item.id(), ledger.acknowledgedBytes(), item.sizeBytes());
        String key = BucketLayout.key(item.id(), file.relativePath());
        FileUpload upload = new FileUpload(bucket, ledger, key, file, acknowledged);
        upload.send(config.partSizeBytes());
        return upload.bytesSent();
    }

    /// Compares every object with what was sent; what differs is forgotten, to be sent again.
    private boolean allConfirmed(Item item, PartLedger ledger, List<Item.DataFile> files) throws IOException {
        boolean all = true;
        for (Item.DataFile file : files) {
            String path = file.relativePath();
            if (!isThere(bucket.confirm(BucketLayout.key(item.id(), path), ledger.digest(path)))) {
                ledger.forget(path);
                all = false;
            }
        }
        return all;
    }

    private static boolean isThere(Confirmation found) {
        return switch (found) {
            case MATCHES, SIZE_MATCHES -> true;
            case DIFFERS, MISSING -> false;
        };
    }

    /// A block of this ULID is committed already: ours from an earlier try, the same shipped by somebody
    /// else, or a stranger. The stranger is never touched.
    private Outcome settle(Item item, BlockMeta ours, String metaKey, long sentBefore) throws IOException {
        String difference;
        try (InputStream in = bucket.get(metaKey)) {
            BlockMeta theirs = BlockMeta.parse(metaKey, in.readNBytes(JsonObject.BYTES_MAX));
            difference = BlockDifference.between(ours, theirs).orElse("");
        } catch (CorruptFormatException | UnsupportedVersionException e) {
            difference = String.valueOf(e.getMessage());
        }
        if (!difference.isEmpty()) {
            return new Outcome.Quarantine(
                    "%s is another block's in %s: %s".formatted(metaKey, bucket.location(), difference));
        }
        return new Outcome.AlreadyThere(sentBefore + sendFiles(item, true));
    }
}
