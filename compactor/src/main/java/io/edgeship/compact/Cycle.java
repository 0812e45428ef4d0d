package io.edgeship.compact;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketIndex;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// One round at the centre: sync, verify completeness, clean, publish. What one block or one site does wrong is in the
/// result
/// and stops nobody; an exception means that the store could not be used, and the next round tries again. Not
/// thread-safe.
final class Cycle {
    private static final Log LOG = Log.of(Cycle.class);

    private final Bucket bucket;
    private final CompactorConfig config;
    private final BucketSync sync;
    private final Cleaner cleaner;

    Cycle(Bucket bucket, CompactorConfig config) {
        this.bucket = bucket;
        this.config = config;
        sync = new BucketSync(bucket);
        cleaner = new Cleaner(bucket, config.partialDelay(), config.deleteDelay());
    }

    /// What a round found and did.
    ///
    /// @param invisible blocks that Thanos' compactor does not take yet, because of the consistency delay
    record Result(BucketView view, List<SiteFreshness> sites, Cleaner.Cleaned cleaned, int incomplete, int invisible) {}

    Result run() throws IOException {
        BucketView view = sync.sync();
        Instant now = bucket.clock().now().orElseGet(Instant::now);
        List<BucketBlock> incomplete =
                view.blocks().stream().filter(block -> !block.isComplete()).toList();
        for (BucketBlock block : incomplete) {
            LOG.error(
                    "block is incomplete: readers will fail on it",
                    "block",
                    block.meta().id(),
                    "missing",
                    block.missing());
        }
        for (String name : view.strange()) {
            LOG.warn("folder reads as a ULID to Thanos and is none, left alone", "folder", name);
        }
        // I6: without the store's own time nothing is old enough to be removed
        Cleaner.Cleaned cleaned =
                bucket.clock().now().isPresent() ? cleaner.clean(view, now) : new Cleaner.Cleaned(0, 0);
        List<SiteFreshness> sites = Freshness.of(view, config.siteLabel());
        bucket.put(BucketLayout.BUCKET_INDEX, Body.of(BucketIndex.write(view, sites, now)));
        return new Result(view, sites, cleaned, incomplete.size(), invisible(view, now));
    }

    private int invisible(BucketView view, Instant now) {
        int invisible = 0;
        for (BucketBlock block : view.blocks()) {
            var thanos = block.meta().thanos();
            Instant uploaded = thanos == null ? null : thanos.uploadTime();
            long since = uploaded == null ? block.meta().id().timeMillis() : BucketBlock.millis(uploaded);
            if (now.toEpochMilli() - since < config.consistencyDelay().toMillis()) {
                invisible++;
            }
        }
        return invisible;
    }
}
