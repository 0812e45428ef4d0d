package io.edgeship.compact.clean;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Removes one block, if it still is what the cycle took it for. The world may have changed since the bucket was
/// listed: its folder is listed anew, and whatever does not fit means that nothing is removed.
///
/// Objects go in the order of Thanos' `block.Delete`: meta.json first, so that no reader sees half a block, the
/// deletion mark last, so that a crash in between leaves a folder that says why it is half there.
final class Removal {
    /// An object that is being sent in parts shows nothing until it is complete. What began so long ago was given up;
    /// it is what lifecycle rules for unfinished uploads are commonly set to.
    static final Duration OPEN_UPLOAD_MAX = Duration.ofDays(7);

    /// As many as one look at a folder keeps in memory.
    private static final int OBJECTS_MAX = 100_000;

    private static final Log LOG = Log.of(Removal.class);

    private Removal() {}

    /// Removes an upload that was given up.
    ///
    /// @param now   by the store's clock
    /// @param delay how long nothing must have been added to it
    /// @return whether it was removed
    static boolean upload(Bucket bucket, PartialBlock block, Instant now, Duration delay) throws BucketException {
        String metaKey = BucketLayout.metaKey(block.id());
        Map<String, ObjectInfo> objects = list(bucket, block.id());
        for (ObjectInfo object : objects.values()) {
            if (!object.lastModified().isBefore(now.minus(delay))) {
                return spared(block.id(), "something was added to it");
            }
        }
        // asked for by name too, so that a listing that lags behind is not the only witness
        String metaETag = bucket.head(metaKey).map(ObjectInfo::eTag).orElse("");
        ObjectInfo listed = objects.get(metaKey);
        if (!metaETag.equals(block.metaETag()) || !metaETag.equals(listed == null ? "" : listed.eTag())) {
            return spared(block.id(), "its meta.json has changed");
        }
        if (block.state() == PartialBlock.State.REMOVAL && !endsWithItsMark(block.id(), objects)) {
            return spared(block.id(), "something was added to it since it was marked");
        }
        if (isOpen(bucket, block.id(), now)) {
            return spared(block.id(), "a multipart upload to it is open");
        }
        delete(bucket, block.id(), objects);
        return true;
    }

    /// Removes a committed block whose deletion mark is old enough, if that very mark is still there.
    ///
    /// @return whether it was removed
    static boolean marked(Bucket bucket, BlockId id, BucketBlock.SeenMark mark) throws BucketException {
        Map<String, ObjectInfo> objects = list(bucket, id);
        if (!isStillMarked(objects, id, mark)) {
            return false;
        }
        delete(bucket, id, objects);
        return true;
    }

    /// Whether the very mark that was seen is among the objects of the block's folder.
    static boolean isStillMarked(Map<String, ObjectInfo> objects, BlockId id, BucketBlock.SeenMark mark) {
        ObjectInfo there = objects.get(BucketLayout.key(id, Mark.Deletion.FILE_NAME));
        return (there != null && there.eTag().equals(mark.eTag()))
                || spared(id, "its deletion mark was taken back or set anew");
    }

    /// Whether nothing came after the deletion mark, as it would if somebody sent the block anew.
    private static boolean endsWithItsMark(BlockId id, Map<String, ObjectInfo> objects) {
        ObjectInfo mark = objects.get(BucketLayout.key(id, Mark.Deletion.FILE_NAME));
        return mark != null
                && objects.values().stream()
                        .noneMatch(object -> object.lastModified().isAfter(mark.lastModified()));
    }

    private static boolean spared(BlockId id, String why) {
        LOG.info("block is not removed after all", "block", id, "why", why);
        return false;
    }

    private static Map<String, ObjectInfo> list(Bucket bucket, BlockId id) throws BucketException {
        Map<String, ObjectInfo> objects = new HashMap<>();
        String token = null;
        do {
            ListPage page = bucket.list(id + "/", null, token, ListPage.KEYS_MAX);
            page.objects().forEach(object -> objects.put(object.key(), object));
            requireFew(objects.size());
            token = page.next();
        } while (token != null);
        return objects;
    }

    static void requireFew(int objects) throws BucketException.Refused {
        if (objects > OBJECTS_MAX) {
            throw new BucketException.Refused("looking at what is to be removed: more objects than blocks have", null);
        }
    }

    /// Credentials that may not ask, and stores that cannot tell, leave it at the rule of Thanos, which does not ask.
    private static boolean isOpen(Bucket bucket, BlockId id, Instant now) throws BucketException {
        try {
            List<OpenUpload> uploads = bucket.listUploads(id + "/");
            return uploads.stream().anyMatch(upload -> upload.initiated().isAfter(now.minus(OPEN_UPLOAD_MAX)));
        } catch (BucketException.AccessDenied | BucketException.Unsupported | BucketException.Refused e) {
            LOG.debug("open uploads cannot be listed", "block", id, "err", e.getMessage());
            return false;
        }
    }

    private static void delete(Bucket bucket, BlockId id, Map<String, ObjectInfo> objects) throws BucketException {
        String meta = BucketLayout.metaKey(id);
        String mark = BucketLayout.key(id, Mark.Deletion.FILE_NAME);
        List<String> others = objects.keySet().stream()
                .filter(key -> !key.equals(meta) && !key.equals(mark))
                .sorted()
                .toList();
        if (objects.containsKey(meta)) {
            bucket.delete(meta);
        }
        if (!others.isEmpty()) {
            bucket.deleteAll(others);
        }
        if (objects.containsKey(mark)) {
            bucket.delete(mark);
        }
    }
}
