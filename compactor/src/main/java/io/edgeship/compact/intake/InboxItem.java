package io.edgeship.compact.intake;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.ObjectInfo;

/// A folder of the inbox as one listing showed it.
///
/// @param site         by the folder's place, which the site's credentials bind; so the incarnation and the id
/// @param pieces       objects with a piece's name
/// @param bytes        that these have
/// @param newestMillis when the newest object was written, by the store's clock
/// @param receipt      absent, too, where the listing gave it before the item
public record InboxItem(
        String site,
        String incarnation,
        BlockId id,
        int pieces,
        long bytes,
        long newestMillis,
        Seen manifest,
        Seen receipt) {
    /// An object beside the pieces.
    ///
    /// @param eTag     empty where there is none
    /// @param atMillis when it was written, by the store's clock
    public record Seen(String eTag, long atMillis) {
        static final Seen NONE = new Seen("", 0);

        static Seen of(ObjectInfo object) {
            return new Seen(object.eTag(), object.lastModified().toEpochMilli());
        }

        boolean isThere() {
            return !eTag.isEmpty();
        }
    }

    /// What every manifest must say: where it lies, and which attempt it is.
    public void requireOwn(Manifest manifest) throws RejectedException {
        requireSame("manifest.site", manifest.getSite(), site);
        requireSame("manifest.incarnation", manifest.getIncarnation(), incarnation);
        requireSame("manifest.ulid", manifest.getUlid(), id.toString());
        RejectedException.require(manifest.getAttempt() != 0, "manifest.attempt", "is 0");
    }

    static void requireSame(String rule, String found, String wanted) throws RejectedException {
        RejectedException.require(found.equals(wanted), rule, "is '%s', '%s' is wanted", found, wanted);
    }

    public boolean hasManifest() {
        return manifest.isThere();
    }

    /// Whether the answer was written after what it may be an answer to. Stores count in seconds: within one,
    /// it is not known.
    boolean isReceiptNewer() {
        return receipt.atMillis() > manifest.atMillis();
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
