package io.edgeship.compact.intake;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.log.Log;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Takes in the items of the inbox, cycle by cycle. Remembers which items were looked at and have not changed, so
/// that an item that waits costs no request. Uses one part buffer of 8 MiB. Not thread-safe.
public final class Intake {
    static final int PART_BYTES = 8 << 20;

    private static final Log LOG = Log.of(Intake.class);

    private final Bucket bucket;
    private final IntakeConfig config;
    private final Supplier<StoreClock> clock;
    private final ItemTaker.Factory takers;
    private Map<String, InboxItem> settled = Map.of();

    /// Of blocks.
    ///
    /// @param clock the store's
    public Intake(Bucket bucket, IntakeConfig config, Supplier<StoreClock> clock) {
        this(bucket, config, clock, PART_BYTES);
    }

    /// @param partBytes of multipart uploads, held in memory
    Intake(Bucket bucket, IntakeConfig config, Supplier<StoreClock> clock, int partBytes) {
        this(bucket, config, clock, (view, now) -> new ItemIntake(bucket, config, view, now, new byte[partBytes]));
    }

    /// Of whatever `takers` take in.
    ///
    /// @param clock the store's
    public Intake(Bucket bucket, IntakeConfig config, Supplier<StoreClock> clock, ItemTaker.Factory takers) {
        this.bucket = bucket;
        this.config = config;
        this.clock = clock;
        this.takers = takers;
    }

    /// Works on what a listing showed. What one item does wrong stops no other; a store that is down ends it early.
    ///
    /// @param view      the bucket as the same listing showed it
    /// @param mayRemove whether clocks can be trusted with the age of what nobody needs any more
    public IntakeResult run(InboxListing listing, BucketView view, boolean mayRemove) {
        Optional<Instant> now = clock.get().now();
        if (!config.enabled() || now.isEmpty()) {
            LOG.debug("nothing is taken in", "enabled", config.enabled(), "storeTellsTime", now.isPresent());
            return IntakeResult.NOTHING;
        }
        listing.strange().forEach(key -> LOG.warn("object in the inbox is no part of an item, left alone", "key", key));
        IntakeRound round = new IntakeRound(bucket, config, view, now.get(), mayRemove, takers.of(view, now.get()));
        for (InboxItem item : listing.items()) {
            round.take(item, item.equals(settled.get(item.prefix())));
        }
        round.finish();
        settled = round.settled();
        if (mayRemove) {
            Instant before = now.get().minus(config.orphanDelay());
            ReceiptPruning.run(bucket, listing.answered(), view.reports(), before);
        }
        return round.result();
    }
}
