package io.edgeship.queue.upload;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Ships one item at a time: every file, then a check of every file, then `meta.json` (I1). Safe to repeat after a
/// crash at any
/// moment. Not thread-safe.
public final class Uploader {
    /// How often a file that the bucket lost or holds wrongly is sent again within one attempt.
    private static final int REPAIRS_MAX = 2;

    private static final int META_BYTES_MAX = 16 << 20;

    private final Bucket bucket;
    private final UploaderConfig config;
    private final UploadProgress progress;

    public Uploader(Bucket bucket, UploaderConfig config, UploadProgress progress) {
        this.bucket = bucket;
        this.config = config;
        this.progress = progress;
    }

    /// @throws BucketException what the bucket could not do; what it acknowledged is kept
    public Outcome ship(Item item) throws IOException {
        BlockMeta meta = item.meta();
        ThanosMeta thanos = meta.thanos();
        if (thanos == null) {
            throw new IllegalStateException(item.dir() + " is not sealed");
        }
        String metaKey = BucketLayout.metaKey(item.id());
        Optional<ObjectInfo> committed = bucket.head(metaKey);
        if (committed.isPresent()) {
            return compare(item, meta, metaKey);
        }
        long sent = sendFiles(item);
        Instant uploadTime = bucket.clock().now().orElseGet(Instant::now);
        byte[] json = meta.withThanos(thanos.withUploadTime(uploadTime)).toJson();
        bucket.put(metaKey, Body.of(json)); // the commit point: from here on readers see the block
        Optional<ObjectInfo> stored = bucket.head(metaKey);
        if (stored.isEmpty() || stored.get().sizeBytes() != json.length) {
            throw new BucketException.Unavailable("confirming " + metaKey + ": it is not what was stored", null);
        }
        return new Outcome.Shipped(sent + json.length);
    }

    /// Sends what is not there yet and returns once every file is there as it should be.
    private long sendFiles(Item item) throws IOException {
        List<Item.DataFile> files = item.dataFiles();
        try (PartLedger ledger = PartLedger.open(item.dir())) {
            long sent = 0;
            for (int repair = 0; ; repair++) {
                for (Item.DataFile file : files) {
                    sent += send(item, ledger, file);
                }
                if (allConfirmed(item, ledger, files)) {
                    return sent;
                }
                if (repair == REPAIRS_MAX) {
                    throw new BucketException.Unavailable(
                            "confirming the files of " + item.id() + ": the bucket loses or changes what it was sent",
                            null);
                }
            }
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
            Confirmation found = bucket.confirm(BucketLayout.key(item.id(), path), ledger.digest(path));
            switch (found) {
                case MATCHES, SIZE_MATCHES -> {}
                case DIFFERS, MISSING -> {
                    ledger.forget(path);
                    all = false;
                }
            }
        }
        return all;
    }

    /// A block of this ULID is committed already: ours from an earlier try, the same shipped by somebody else, or a
    /// stranger.
    private Outcome compare(Item item, BlockMeta ours, String metaKey) throws IOException {
        BlockMeta theirs;
        try (InputStream in = bucket.get(metaKey)) {
            theirs = BlockMeta.parse(metaKey, in.readNBytes(META_BYTES_MAX));
        } catch (CorruptFormatException e) {
            return new Outcome.Quarantine("the bucket holds another block under this ULID: " + e.getMessage());
        }
        if (!isSame(ours, theirs)) {
            return new Outcome.Quarantine("the bucket holds another block under this ULID: its meta.json differs");
        }
        long sent = 0;
        for (Item.DataFile file : item.dataFiles()) {
            String key = BucketLayout.key(item.id(), file.relativePath());
            Optional<ObjectInfo> there = bucket.head(key);
            if (there.isPresent() && there.get().sizeBytes() != file.sizeBytes()) {
                return new Outcome.Quarantine("the bucket holds another block under this ULID: %s has %d bytes, ours %d"
                        .formatted(key, there.get().sizeBytes(), file.sizeBytes()));
            }
            if (there.isEmpty()) {
                try (PartLedger ledger = PartLedger.open(item.dir())) {
                    ledger.forget(file.relativePath()); // somebody deleted it: it is owed again
                    sent += send(item, ledger, file);
                }
            }
        }
        return new Outcome.AlreadyThere(sent);
    }

    private static boolean isSame(BlockMeta ours, BlockMeta theirs) {
        ThanosMeta thanosOurs = ours.thanos();
        ThanosMeta thanosTheirs = theirs.thanos();
        return thanosOurs != null
                && thanosTheirs != null
                && ours.id().equals(theirs.id())
                && ours.range().equals(theirs.range())
                && ours.stats().equals(theirs.stats())
                && ours.compaction().sources().equals(theirs.compaction().sources())
                && thanosOurs.labels().equals(thanosTheirs.labels());
    }
}
