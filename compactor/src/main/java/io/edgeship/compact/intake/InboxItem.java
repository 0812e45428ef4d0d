package io.edgeship.compact.intake;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;

/// A folder of the inbox as one listing showed it.
///
/// @param site         by the folder's place, which the site's credentials bind; so the incarnation and the id
/// @param pieces       objects with a piece's name
/// @param bytes        that these have
/// @param newestMillis when the newest object was written, by the store's clock
/// @param manifestETag empty without a manifest
/// @param receiptETag  empty without a receipt, or where the listing gave it before the item
public record InboxItem(
        String site,
        String incarnation,
        BlockId id,
        int pieces,
        long bytes,
        long newestMillis,
        String manifestETag,
        String receiptETag) {
    public boolean hasManifest() {
        return !manifestETag.isEmpty();
    }

    /// With a `/` at its end.
    public String prefix() {
        return BucketLayout.itemPrefix(site, incarnation, id);
    }

    String manifestKey() {
        return BucketLayout.manifestKey(site, incarnation, id);
    }

    String receiptKey() {
        return BucketLayout.receiptKey(site, incarnation, id);
    }
}
