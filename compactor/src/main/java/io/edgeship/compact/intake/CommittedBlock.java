package io.edgeship.compact.intake;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockDifference;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/// A block that is committed under an item's ULID already, as its meta.json in the bucket says.
record CommittedBlock(BlockMeta meta) {
    /// What [#compare] finds in the bucket.
    enum Files {
        SAME,
        /// One is not there; none is another.
        INCOMPLETE,
        DIFFERENT
    }

    /// @throws io.edgeship.block.encoding.CorruptFormatException      for a meta.json that cannot be read
    /// @throws io.edgeship.block.encoding.UnsupportedVersionException for one of a later version
    static Optional<CommittedBlock> find(Bucket bucket, InboxItem item) throws IOException {
        String key = BucketLayout.metaKey(item.id());
        try (InputStream in = bucket.get(key)) {
            byte[] json = in.readNBytes(ItemPlan.META_BYTES_MAX + 1);
            if (json.length > ItemPlan.META_BYTES_MAX) {
                throw new CorruptFormatException(key, ItemPlan.META_BYTES_MAX, "longer than any meta.json");
            }
            return Optional.of(new CommittedBlock(BlockMeta.parse(key, json)));
        } catch (BucketException.NotFound e) {
            return Optional.empty();
        }
    }

    /// Whether it was committed from the very meta.json that a manifest names: without the upload time, which intake
    /// adds, its bytes have the same hash.
    boolean wasMadeOf(ItemPlan plan) {
        ThanosMeta thanos = meta.thanos();
        return thanos != null
                && MessageDigest.isEqual(
                        Digests.sha256(meta.withThanos(asSealed(thanos)).toJson()),
                        plan.meta().sha256());
    }

    boolean isOf(String site, String siteLabel) {
        ThanosMeta thanos = meta.thanos();
        return thanos != null && site.equals(thanos.labels().get(siteLabel));
    }

    private static ThanosMeta asSealed(ThanosMeta thanos) {
        return new ThanosMeta(
                thanos.labels(),
                thanos.resolutionMillis(),
                thanos.source(),
                thanos.segmentFiles(),
                thanos.files(),
                null,
                thanos.original());
    }

    /// What sets it apart from the block that a site sent, by their meta.json; empty for the same block.
    Optional<String> differenceFrom(BlockMeta sent) {
        return BlockDifference.between(sent, meta);
    }

    /// Reads every file back and compares it with a manifest.
    Files compare(Bucket bucket, ItemPlan plan) throws IOException {
        Files found = Files.SAME;
        for (PlannedFile file : plan.dataFiles()) {
            try {
                byte[] hash = Digests.sha256(bucket, BucketLayout.key(meta.id(), file.path()));
                if (!MessageDigest.isEqual(hash, file.sha256())) {
                    return Files.DIFFERENT;
                }
            } catch (BucketException.NotFound e) {
                found = Files.INCOMPLETE;
            }
        }
        return found;
    }
}
