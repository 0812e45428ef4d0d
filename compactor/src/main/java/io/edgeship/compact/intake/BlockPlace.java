package io.edgeship.compact.intake;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Confirmation;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectDigest;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SiteReport;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/// The folder `<ULID>/` that an item's block is to have: whether it is ours to write, and the commit.
final class BlockPlace {
    private static final Log LOG = Log.of(BlockPlace.class);

    private final Bucket bucket;
    private final BucketView view;
    private final InboxItem item;

    BlockPlace(Bucket bucket, BucketView view, InboxItem item) {
        this.bucket = bucket;
        this.view = view;
        this.item = item;
    }

    /// Why nothing may be written under the ULID now; empty where it is free, or holds only files that this item has
    /// too: what a killed intake left, or the site itself when it still sent plainly. Without a meta.json
    /// nobody reads them.
    Optional<String> notOurs(ItemPlan plan) throws BucketException {
        Optional<String> other = view.reports().stream()
                .filter(report -> !report.site().equals(item.site()))
                .filter(report -> report.outstanding().contains(item.id()))
                .map(SiteReport::site)
                .findFirst();
        if (other.isPresent()) {
            return Optional.of("site " + other.get() + " owes a block of this ULID too");
        }
        Set<String> ours =
                plan.dataFiles().stream().map(file -> key(file.path())).collect(Collectors.toSet());
        String token = null;
        do {
            ListPage page = bucket.list(item.id() + "/", null, token, ListPage.KEYS_MAX);
            Optional<String> foreign = page.objects().stream()
                    .map(ObjectInfo::key)
                    .filter(key -> !ours.contains(key))
                    .findFirst();
            if (foreign.isPresent()) {
                return foreign.map(key -> key + " lies where the block is to be, and is none of its files");
            }
            token = page.next();
        } while (token != null);
        return Optional.empty();
    }

    /// The commit point (I1): meta.json, stamped with the store's time (I6), where none is yet.
    ///
    /// @throws BucketException.PreconditionFailed if somebody else was faster
    BlockMeta commit(BlockMeta sent, Instant now) throws IOException {
        ThanosMeta thanos = Objects.requireNonNull(sent.thanos(), "was checked");
        BlockMeta stamped = sent.withThanos(thanos.withUploadTime(now));
        byte[] json = stamped.toJson();
        String key = key(BlockMeta.FILE_NAME);
        try {
            bucket.putIfAbsent(key, Body.of(json));
        } catch (BucketException.Unsupported e) {
            if (bucket.head(key).isPresent()) {
                throw new BucketException.PreconditionFailed("committing " + key + ": it is there", e);
            }
            bucket.put(key, Body.of(json));
        }
        Confirmation found = bucket.confirm(key, digest(json));
        if (found == Confirmation.DIFFERS || found == Confirmation.MISSING) {
            throw new IOException(key + " is not what was written just now: " + found);
        }
        return stamped;
    }

    /// Drops unfinished uploads to the block, once it is committed: a killed intake's, or the site's own from when it
    /// still sent plainly. Whoever may not ask leaves them to a rule of the bucket.
    void dropUnfinished() throws BucketException {
        try {
            for (OpenUpload upload : bucket.listUploads(item.id() + "/")) {
                bucket.abortUpload(upload.key(), upload.uploadId());
            }
        } catch (BucketException.AccessDenied | BucketException.Unsupported | BucketException.Refused e) {
            LOG.debug("open uploads cannot be dropped", "block", item.id(), "err", e.getMessage());
        }
    }

    private String key(String path) {
        return BucketLayout.key(item.id(), path);
    }

    private static ObjectDigest digest(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        MessageDigest md5 = Digests.md5();
        String md5Hex = HexFormat.of().formatHex(md5.digest(bytes));
        return new ObjectDigest(List.of(new ObjectDigest.Part(bytes.length, md5Hex, (int) crc.getValue())), false);
    }
}
