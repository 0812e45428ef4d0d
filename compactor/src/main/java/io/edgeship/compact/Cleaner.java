package io.edgeship.compact;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.Mark;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Removes what nobody will finish: uploads that were given up, and blocks whose deletion mark is old enough. By the
/// rules of
/// `pkg/compact/clean.go` of Thanos 0.43-dev, but sparing what a site's heartbeat still owes.
final class Cleaner {
    private static final Log LOG = Log.of(Cleaner.class);

    private final Bucket bucket;
    private final Duration partialDelay;
    private final Duration deleteDelay;

    Cleaner(Bucket bucket, Duration partialDelay, Duration deleteDelay) {
        this.bucket = bucket;
        this.partialDelay = partialDelay;
        this.deleteDelay = deleteDelay;
    }

    /// What one call removed.
    record Cleaned(int partialBlocks, int markedBlocks) {}

    /// @param now by the store's clock
    Cleaned clean(BucketView view, Instant now) throws BucketException {
        int partial = 0;
        for (PartialBlock block : abandoned(view, now, partialDelay)) {
            LOG.info(
                    "removing an abandoned upload",
                    "block",
                    block.ulid(),
                    "objects",
                    block.keys().size(),
                    "why",
                    block.why());
            if (delete(BlockId.parse(block.ulid()), now.minus(partialDelay), false)) {
                partial++;
            }
        }
        int marked = 0;
        for (BucketBlock block : view.blocks()) {
            long markedAt = block.deletionMarkedAtMillis();
            if (markedAt > 0 && now.toEpochMilli() - markedAt > deleteDelay.toMillis()) {
                LOG.info(
                        "removing a block that was marked for deletion",
                        "block",
                        block.meta().id());
                if (delete(block.meta().id(), Instant.MAX, true)) {
                    marked++;
                }
            }
        }
        return new Cleaned(partial, marked);
    }

    /// Partial blocks to whose objects nothing was added for `delay`, and which no site is still going to finish.
    static List<PartialBlock> abandoned(BucketView view, Instant now, Duration delay) {
        Set<String> owed = new HashSet<>();
        for (Heartbeat heartbeat : view.heartbeats()) {
            owed.addAll(heartbeat.getOutstandingUlidsList());
        }
        List<PartialBlock> abandoned = new ArrayList<>();
        for (PartialBlock block : view.partial()) {
            boolean old = now.toEpochMilli() - block.newestMillis() > delay.toMillis();
            if (old && !owed.contains(block.ulid())) {
                abandoned.add(block);
            }
        }
        return abandoned;
    }

    /// In an order that shows no reader half a block: meta.json first, the deletion mark last. The objects are listed
    /// anew: the world may have changed since the view was taken, and then nothing is removed.
    ///
    /// @param untouchedSince an object written later is proof that the upload goes on
    /// @param committed      whether the view saw a meta.json; a block must have its mark still, an upload must not
    ///     have one
    private boolean delete(BlockId id, Instant untouchedSince, boolean committed) throws BucketException {
        Set<String> keys = new HashSet<>();
        String token = null;
        do {
            ListPage page = bucket.list(id + "/", null, token, ListPage.KEYS_MAX);
            for (ObjectInfo object : page.objects()) {
                if (!object.lastModified().isBefore(untouchedSince)) {
                    return false;
                }
                keys.add(object.key());
            }
            token = page.next();
        } while (token != null);
        String meta = BucketLayout.metaKey(id);
        String mark = BucketLayout.key(id, Mark.Deletion.FILE_NAME);
        if (committed ? !keys.contains(mark) : keys.contains(meta)) {
            return false;
        }
        List<String> others = new ArrayList<>(keys);
        others.removeAll(List.of(meta, mark));
        others.sort(null);
        if (keys.contains(meta)) {
            bucket.delete(meta);
        }
        bucket.deleteAll(others);
        if (keys.contains(mark)) {
            bucket.delete(mark);
        }
        return true;
    }
}
