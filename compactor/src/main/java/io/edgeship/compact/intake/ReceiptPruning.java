package io.edgeship.compact.intake;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.fleet.SiteReport;
import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Removes receipts that nobody asks for any more. What was accepted may have been compacted and deleted since,
/// and then its receipt is all that keeps it from being asked for again: so a receipt stays while its spool may
/// still wait for it.
final class ReceiptPruning {
    /// Of one cycle; one request.
    static final int REMOVED_MAX = 1000;

    /// A heartbeat may arrive late and say what was so before the item was sealed.
    static final Duration HEARTBEAT_LATE_MAX = Duration.ofDays(1);

    private static final Log LOG = Log.of(ReceiptPruning.class);

    private ReceiptPruning() {}

    /// Failing is no misfortune: the next cycle tries again.
    ///
    /// @param before only receipts that were written before
    static void run(Bucket bucket, List<OldReceipts.OfSpool> spools, List<SiteReport> reports, Instant before) {
        List<String> keys = new ArrayList<>();
        for (OldReceipts.OfSpool spool : spools) {
            Optional<SiteReport> report = reports.stream()
                    .filter(one ->
                            one.site().equals(spool.site()) && one.incarnation().equals(spool.incarnation()))
                    .filter(ReceiptPruning::saysWhatIsOwed)
                    .findFirst();
            report.ifPresent(known -> settled(spool, known, before).stream()
                    .limit(REMOVED_MAX - keys.size())
                    .forEach(keys::add));
        }
        if (keys.isEmpty()) {
            return;
        }
        try {
            bucket.deleteAll(keys);
            LOG.info("old receipts are removed", "receipts", keys.size());
        } catch (BucketException e) {
            LOG.warn("old receipts could not be removed, the next cycle tries again", e);
        }
    }

    /// A long list of outstanding blocks is cut off: then nobody knows what else is owed.
    private static boolean saysWhatIsOwed(SiteReport report) {
        return report.isUnderstood() && report.outstanding().size() >= report.backlogItems();
    }

    private static List<String> settled(OldReceipts.OfSpool spool, SiteReport report, Instant before) {
        long writtenBefore =
                Math.min(before.toEpochMilli(), report.lastContactMillis() - HEARTBEAT_LATE_MAX.toMillis());
        Set<BlockId> owed = new HashSet<>(report.outstanding());
        return spool.receipts().stream()
                .filter(receipt -> receipt.atMillis() < writtenBefore && !owed.contains(receipt.id()))
                .map(receipt -> BucketLayout.receiptKey(spool.site(), spool.incarnation(), receipt.id()))
                .toList();
    }
}
