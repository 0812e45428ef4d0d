package io.edgeship.compact.clean;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.compact.clean.MarkedBlocks.Marked;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.fleet.SiteReport;
import io.edgeship.runtime.config.Durations;
import io.edgeship.runtime.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Removes what nobody will finish: uploads that were given up, and blocks whose deletion mark is old enough. By the
/// rules of `pkg/compact/clean.go` of Thanos 0.43-dev, but sparing what a site's heartbeat still owes, and looking at
/// each block once more before ([Removal]).
public final class Cleaner {
    /// Where a heartbeat cannot be understood nobody knows what its site owes; then uploads are kept as long as
    /// pieces of an item are. It only puts garbage collection off, so that a hostile heartbeat gains nothing.
    static final Duration DEBTS_UNKNOWN_DELAY = Duration.ofDays(90);

    /// Each failure has the store's whole patience behind it.
    static final int UNAVAILABLE_MAX = 3;

    private static final Log LOG = Log.of(Cleaner.class);

    private final Bucket bucket;
    private final Duration partialDelay;
    private final Duration deleteDelay;

    public Cleaner(Bucket bucket, Duration partialDelay, Duration deleteDelay) {
        this.bucket = bucket;
        this.partialDelay = partialDelay;
        this.deleteDelay = deleteDelay;
    }

    /// What one call removed.
    ///
    /// @param orphans  multipart uploads of single objects that were dropped
    /// @param failures blocks that could not be removed, or not wholly: the next cycle goes on
    public record Cleaned(Set<BlockId> uploads, Set<BlockId> marked, int orphans, int failures) {
        public static final Cleaned NOTHING = new Cleaned(Set.of(), Set.of(), 0);

        public Cleaned(Set<BlockId> uploads, Set<BlockId> marked, int failures) {
            this(uploads, marked, 0, failures);
        }

        public Cleaned {
            uploads = Set.copyOf(uploads);
            marked = Set.copyOf(marked);
        }

        /// All that was removed.
        public Set<BlockId> removed() {
            Set<BlockId> removed = new HashSet<>(uploads);
            removed.addAll(marked);
            return removed;
        }
    }

    /// What a cleaning round would look at once more, and then remove.
    public record Due(List<PartialBlock> uploads, List<BucketBlock> marked) {
        public Due {
            uploads = List.copyOf(uploads);
            marked = List.copyOf(marked);
        }
    }

    /// @param now by the store's clock
    public Due due(BucketView view, Instant now) {
        return new Due(abandoned(view, now, uploadDelay(view)), dueMarked(view, now));
    }

    /// @param now by the store's clock
    public Cleaned clean(BucketView view, Instant now) {
        Round round = new Round();
        Duration delay = uploadDelay(view);
        for (PartialBlock block : abandoned(view, now, delay)) {
            LOG.info(
                    "removing an abandoned upload",
                    "block",
                    block.id(),
                    "objects",
                    block.objects(),
                    "why",
                    block.why());
            Duration after = delayOf(block, delay);
            round.remove(block.id(), round.uploads, () -> Removal.upload(bucket, block, now, after));
        }
        marked(view, now, round);
        orphans(view, now, delay, round);
        return new Cleaned(round.uploads, round.marked, round.orphans, round.failures);
    }

    private List<BucketBlock> dueMarked(BucketView view, Instant now) {
        return view.blocks().stream()
                .filter(block -> {
                    BucketBlock.SeenMark mark = block.deletionMark();
                    return mark != null
                            && !mark.eTag().isEmpty()
                            && now.toEpochMilli() - mark.atMillis() > deleteDelay.toMillis();
                })
                .toList();
    }

    private void marked(BucketView view, Instant now, Round round) {
        List<Marked> due = new ArrayList<>();
        for (BucketBlock block : dueMarked(view, now)) {
            BucketBlock.SeenMark mark = block.deletionMark();
            if (mark != null) {
                due.add(new Marked(block.meta().id(), mark));
            }
        }
        MarkedBlocks together = new MarkedBlocks(bucket, view);
        for (int from = 0; from < due.size(); from += MarkedBlocks.BLOCKS_MAX) {
            List<Marked> group = due.subList(from, Math.min(due.size(), from + MarkedBlocks.BLOCKS_MAX));
            LOG.info(
                    "removing blocks that were marked for deletion",
                    "blocks",
                    group.stream().map(Marked::id).toList());
            if (group.size() == 1 || !round.removeAll(group, together)) {
                for (Marked block : group) {
                    round.remove(block.id(), round.marked, () -> Removal.marked(bucket, block.id(), block.mark()));
                }
            }
        }
    }

    /// @param delay after which an upload counts as abandoned; one that is open may take longer
    private void orphans(BucketView view, Instant now, Duration delay, Round round) {
        if (round.unavailable > 0) {
            return;
        }
        Duration since = delay.compareTo(Removal.OPEN_UPLOAD_MAX) > 0 ? delay : Removal.OPEN_UPLOAD_MAX;
        try {
            round.orphans = OrphanUploads.abort(bucket, owed(view), now, since);
        } catch (BucketException e) {
            round.failures++;
            LOG.error("multipart uploads could not be dropped, the next cycle tries again", e);
        }
    }

    private Duration uploadDelay(BucketView view) {
        boolean debtsKnown = view.reports().stream().allMatch(SiteReport::isUnderstood);
        if (debtsKnown || partialDelay.compareTo(DEBTS_UNKNOWN_DELAY) > 0) {
            return partialDelay;
        }
        LOG.warn(
                "a heartbeat is not understood, uploads are kept longer",
                "delay",
                Durations.print(DEBTS_UNKNOWN_DELAY));
        return DEBTS_UNKNOWN_DELAY;
    }

    /// Uploads to which nothing was added for `delay`, and which no site is still going to finish.
    private List<PartialBlock> abandoned(BucketView view, Instant now, Duration delay) {
        Set<BlockId> owed = owed(view);
        List<PartialBlock> abandoned = new ArrayList<>();
        for (PartialBlock block : view.partial()) {
            boolean old = now.toEpochMilli() - block.newestMillis()
                    > delayOf(block, delay).toMillis();
            if (old && block.isRemovable() && !owed.contains(block.id())) {
                abandoned.add(block);
            }
        }
        return abandoned;
    }

    /// A removal that was cut short goes on as soon as it could have begun: its mark, the last that was written, is
    /// old.
    private Duration delayOf(PartialBlock block, Duration delay) {
        boolean isSooner = block.state() == PartialBlock.State.REMOVAL && deleteDelay.compareTo(delay) < 0;
        return isSooner ? deleteDelay : delay;
    }

    private static Set<BlockId> owed(BucketView view) {
        Set<BlockId> owed = new HashSet<>();
        view.reports().forEach(report -> owed.addAll(report.outstanding()));
        return owed;
    }

    private interface Attempt {
        boolean run() throws BucketException;
    }

    /// Whether the next block would fare no better.
    private static boolean isOfTheStore(BucketException failure) {
        return failure instanceof BucketException.Unavailable || failure instanceof BucketException.Throttled;
    }

    /// One block that cannot be removed stops no other; a store that is down is not asked for ever.
    private static final class Round {
        private final Set<BlockId> uploads = new HashSet<>();
        private final Set<BlockId> marked = new HashSet<>();
        private int orphans;
        private int failures;
        private int unavailable;

        boolean isOver() {
            return unavailable >= UNAVAILABLE_MAX;
        }

        /// @return false where one of them is in the way of the others: then each is tried by itself
        boolean removeAll(List<Marked> group, MarkedBlocks together) {
            if (isOver()) {
                failures += group.size();
                return true;
            }
            try {
                marked.addAll(together.remove(group));
                return true;
            } catch (BucketException e) {
                if (!isOfTheStore(e)) {
                    LOG.warn("blocks could not be removed together, trying each by itself", e);
                    return false;
                }
                failures += group.size();
                unavailable++;
                LOG.error("blocks could not be removed, the next cycle tries again", e);
                return true;
            }
        }

        void remove(BlockId id, Set<BlockId> removed, Attempt attempt) {
            if (isOver()) {
                failures++;
                return;
            }
            try {
                if (attempt.run()) {
                    removed.add(id);
                }
            } catch (BucketException e) {
                failures++;
                unavailable += isOfTheStore(e) ? 1 : 0;
                LOG.error("block could not be removed, the next cycle tries again", e, "block", id);
            }
        }
    }
}
