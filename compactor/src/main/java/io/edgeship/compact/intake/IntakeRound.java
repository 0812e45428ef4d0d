package io.edgeship.compact.intake;

import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.fleet.AgentsAlive;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One cycle's work on the inbox: which items are worked on, which are held, and the count of it all (I5).
final class IntakeRound {
    /// Each failure has the store's whole patience behind it.
    static final int UNAVAILABLE_MAX = 3;

    private static final Log LOG = Log.of(IntakeRound.class);

    private final Bucket bucket;
    private final Instant now;
    private final Instant orphansBefore;
    private final boolean mayRemove;
    private final AgentsAlive alive;
    private final ItemTaker items;
    private final Map<String, InboxItem> settled = new HashMap<>();
    private final List<BucketBlock> blocks = new ArrayList<>();
    private int accepted;
    private int missing;
    private int rejected;
    private int tooNew;
    private int held;
    private int waiting;
    private int orphans;
    private int failures;
    private int unavailable;

    /// @param now by the store's clock
    IntakeRound(Bucket bucket, IntakeConfig config, BucketView view, Instant now, boolean mayRemove, ItemTaker items) {
        this.bucket = bucket;
        this.now = now;
        this.mayRemove = mayRemove;
        orphansBefore = now.minus(config.orphanDelay());
        alive = AgentsAlive.of(view.reports(), now);
        this.items = items;
    }

    private interface Work {
        Fate run() throws IOException;
    }

    /// @param unchanged since an earlier cycle left it with nothing to do
    void take(InboxItem item, boolean unchanged) {
        Optional<String> elder = alive.elder(item.site(), item.incarnation());
        if (!item.hasManifest()) {
            attempt(item, () -> withoutManifest(item, unchanged));
        } else if (elder.isPresent()) {
            hold(item, "incarnation " + elder.get() + " of the same site is alive too");
        } else if (unchanged || items.isFull()) {
            waiting++;
            if (unchanged) {
                settled.put(item.prefix(), item);
            }
        } else {
            attempt(item, () -> items.take(item));
        }
    }

    /// Ends what was postponed, once all items were given to [#take].
    void finish() {
        items.postponed().forEach(item -> attempt(item, () -> items.finish(item)));
    }

    /// Items that need no look before something about them changes.
    Map<String, InboxItem> settled() {
        return Map.copyOf(settled);
    }

    IntakeResult result() {
        return new IntakeResult(
                blocks, accepted, missing, rejected, tooNew, held, waiting, orphans, failures, items.bytesRead());
    }

    /// An item under way, the late leftovers of one that was accepted, or what a site gave up.
    private Fate withoutManifest(InboxItem item, boolean unchanged) throws IOException {
        ItemFolder folder = new ItemFolder(bucket, item);
        if (!unchanged
                && item.receipt().isThere()
                && new Receipts(bucket, now).last(item).getVerdict() == Verdict.VERDICT_ACCEPTED) {
            folder.removePieces();
            return new Fate.Cleared();
        }
        boolean old = item.newestMillis() < orphansBefore.toEpochMilli();
        if (mayRemove && old && folder.removeOrphans(orphansBefore)) {
            orphans++;
            LOG.warn("pieces without a manifest were given up and are removed", "item", item.prefix());
            return new Fate.Cleared();
        }
        return new Fate.Told();
    }

    private void attempt(InboxItem item, Work work) {
        if (unavailable >= UNAVAILABLE_MAX) {
            fail();
            return;
        }
        try {
            count(item, work.run());
        } catch (BucketException e) {
            boolean down = e instanceof BucketException.Unavailable || e instanceof BucketException.Throttled;
            unavailable += down ? 1 : 0;
            fail(item, e);
        } catch (IOException | RuntimeException e) {
            fail(item, e);
        }
    }

    private void fail(InboxItem item, Exception e) {
        LOG.error("item could not be taken in, the next cycle tries again", e, "item", item.prefix());
        fail();
    }

    private void fail() {
        failures++;
        waiting++;
    }

    private void hold(InboxItem item, String why) {
        LOG.error("item is held", "item", item.prefix(), "why", why);
        held++;
        waiting++;
    }

    private void count(InboxItem item, Fate fate) {
        switch (fate) {
            case Fate.Accepted(var block) -> {
                accepted++;
                if (block != null) {
                    blocks.add(block);
                }
                LOG.info("item accepted", "item", item.prefix(), "wasThere", block == null);
            }
            case Fate.Missing(var pieces) -> {
                missing++;
                settle(item);
                LOG.warn("item lacks pieces, asked for again", "item", item.prefix(), "pieces", pieces.size());
            }
            case Fate.Rejected(var why) -> {
                rejected++;
                LOG.error("item rejected, its site keeps the bytes in quarantine", "item", item.prefix(), "why", why);
            }
            case Fate.TooNew(var why) -> {
                tooNew++;
                settle(item);
                LOG.error("item is too new for this centre, left alone", "item", item.prefix(), "why", why);
            }
            case Fate.Held(var why) -> hold(item, why);
            case Fate.Postponed _ -> LOG.debug("item is answered with others", "item", item.prefix());
            case Fate.Told _ -> settle(item);
            case Fate.Cleared _, Fate.Gone _ -> LOG.debug("item is gone", "item", item.prefix());
        }
    }

    private void settle(InboxItem item) {
        waiting++;
        settled.put(item.prefix(), item);
    }
}
