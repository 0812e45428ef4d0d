package io.edgeship.fleet;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// Reads what sites say of themselves in a bucket that holds no blocks, and whose other objects are too many to be
/// listed every cycle. Not thread-safe.
public final class SitesSync {
    /// Heartbeats that are asked for side by side.
    private static final int AT_ONCE = 16;

    private final Bucket bucket;
    private final SiteReports reports = new SiteReports();

    public SitesSync(Bucket bucket) {
        this.bucket = bucket;
    }

    /// @param objects is told of every object of the inbox and of sites, in the order of the listing
    /// @return a view of reports and losses alone
    /// @throws BucketException if the store cannot be read now; what one object does wrong is no exception
    public BucketView sync(Consumer<ObjectInfo> objects) throws IOException {
        reports.begin();
        for (String prefix : List.of(BucketLayout.INBOX, BucketLayout.SITES)) {
            String token = null;
            do {
                ListPage page = bucket.list(prefix, null, token, ListPage.KEYS_MAX);
                for (ObjectInfo object : page.objects()) {
                    objects.accept(object);
                    reports.listed(object);
                }
                token = page.next();
            } while (token != null);
        }
        try (ObjectReader reader = new ObjectReader(bucket, bucket.isLocal() ? 1 : AT_ONCE)) {
            List<SiteReport> read = reports.read(reader);
            reader.requireNotAllDenied();
            return new BucketView(List.of(), List.of(), read, reports.losses(), List.of());
        }
    }
}
