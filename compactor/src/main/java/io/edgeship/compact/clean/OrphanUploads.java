package io.edgeship.compact.clean;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.OpenUpload;
import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Drops multipart uploads that somebody began and will not finish: their parts cost money and show in no listing of
/// objects. Only those under a ULID or `edgeship/` are ours to judge, and none of a block that a site still owes.
final class OrphanUploads {
    /// As many as one look at a store tells; the next cycle goes on.
    private static final int ABORTED_MAX = 1000;

    private static final Log LOG = Log.of(OrphanUploads.class);

    private OrphanUploads() {}

    /// @param owed  blocks that a site's heartbeat owes
    /// @param now   by the store's clock
    /// @param delay since an upload began
    /// @return how many were dropped
    static int abort(Bucket bucket, Set<BlockId> owed, Instant now, Duration delay) throws BucketException {
        int aborted = 0;
        for (OpenUpload upload : open(bucket)) {
            Optional<BlockId> block = BucketLayout.blockOf(upload.key());
            boolean ours = block.isPresent() || upload.key().startsWith(BucketLayout.OURS);
            boolean spared = block.filter(owed::contains).isPresent();
            if (ours && !spared && upload.initiated().isBefore(now.minus(delay)) && aborted < ABORTED_MAX) {
                LOG.info(
                        "dropping a multipart upload that nobody finished",
                        "key",
                        upload.key(),
                        "begun",
                        upload.initiated());
                bucket.abortUpload(upload.key(), upload.uploadId());
                aborted++;
            }
        }
        return aborted;
    }

    /// Credentials that may not ask, and stores that cannot tell, leave it to a lifecycle rule of the bucket.
    private static List<OpenUpload> open(Bucket bucket) throws BucketException {
        try {
            return bucket.listUploads("");
        } catch (BucketException.AccessDenied | BucketException.Unsupported | BucketException.Refused e) {
            LOG.debug("open uploads cannot be listed", "err", e.getMessage());
            return List.of();
        }
    }
}
