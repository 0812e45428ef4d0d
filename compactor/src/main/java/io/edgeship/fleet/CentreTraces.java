package io.edgeship.fleet;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.ObjectInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the listing tells of the compactor, which as a CronJob nobody can scrape: when it last published, and what
/// waits for it. Takes every object outside of blocks. Not thread-safe.
public final class CentreTraces implements Consumer<ObjectInfo> {
    private static final String MANIFEST = ".item/manifest.pb";

    private @Nullable Instant published;
    private @Nullable Instant oldestItem;
    private int items;

    @Override
    public void accept(ObjectInfo object) {
        Instant written = object.lastModified();
        if (object.key().equals(BucketLayout.BUCKET_INDEX)) {
            published = written;
        } else if (object.key().startsWith(BucketLayout.INBOX) && object.key().endsWith(MANIFEST)) {
            items++;
            oldestItem = oldestItem == null || written.isBefore(oldestItem) ? written : oldestItem;
        }
    }

    /// When a compactor last wrote the bucket index, by the store's clock.
    public Optional<Instant> published() {
        return Optional.ofNullable(published);
    }

    /// Items that sites have sent whole and that lie in the inbox.
    public int items() {
        return items;
    }

    /// When the one of them came that waits longest.
    public Optional<Instant> oldestItem() {
        return Optional.ofNullable(oldestItem);
    }
}
