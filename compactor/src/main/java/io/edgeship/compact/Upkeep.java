package io.edgeship.compact;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.lock.ThanosAtWork;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.plan.Planner;
import io.edgeship.compact.retain.Retention;
import io.edgeship.compact.round.CompactionRound;
import io.edgeship.compact.round.RetentionReport;
import io.edgeship.compact.round.RetentionRound;
import io.edgeship.compact.round.RoundReport;
import io.edgeship.compact.round.RoundWatcher;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// What a cycle does to blocks that are there: compacts, marks, and removes. It refuses all of that where another
/// compactor is at work on the same streams, or nobody knows what time it is. Not thread-safe.
final class Upkeep {
    private static final Log LOG = Log.of(Upkeep.class);

    private final UpkeepConfig config;
    private final boolean isLocal;
    private final CompactionRound compaction;
    private final RetentionRound retention;
    private final Cleaner cleaner;
    private final ThanosAtWork thanos;
    private final BooleanSupplier stopping;

    /// @param holder   names this process among all that ever run
    /// @param stopping whether the process is to end, so that nothing more is begun
    Upkeep(Bucket bucket, UpkeepConfig config, String holder, BooleanSupplier stopping, RoundWatcher watcher) {
        this.config = config;
        this.stopping = stopping;
        isLocal = bucket.isLocal();
        StreamLocks locks = new StreamLocks(bucket, holder);
        compaction = new CompactionRound(bucket, config.round(), locks, stopping, watcher);
        retention = new RetentionRound(bucket, locks, config.round().plan().replicaLabels());
        cleaner = new Cleaner(bucket, config.partialDelay(), config.deleteDelay());
        thanos = new ThanosAtWork(bucket, config.selector().rules().canonical());
    }

    /// What was done.
    ///
    /// @param view     afterwards
    /// @param refused  why nothing was done; empty if it was
    /// @param retained what retention decided and marked
    record Result(
            BucketView view,
            Optional<String> refused,
            RoundReport round,
            RetentionReport retained,
            Cleaner.Cleaned cleaned) {
        /// Streams of which something failed, whether it was compaction or retention, with what did first. The next
        /// cycle tries again.
        Map<String, String> failures() {
            return both(round.failures(), retained.failures());
        }

        /// Those, and streams of which a plan was put off, for it failed a short while ago.
        Map<String, String> failing() {
            return both(failures(), round.putOff());
        }

        /// Streams that another compactor has, with who that is.
        Map<String, String> busy() {
            return both(round.busy(), retained.busy());
        }

        private static Map<String, String> both(Map<String, String> first, Map<String, String> later) {
            Map<String, String> all = new TreeMap<>(later);
            all.putAll(first);
            return all;
        }
    }

    /// @param listedAt by the store's clock, before the listing began that `view` is of
    Result run(BucketView view, Instant listedAt, StoreClock clock) throws IOException, InterruptedException {
        Instant now = clock.bestTime();
        Optional<String> refused = refusal(view, clock, thanos::look);
        if (refused.isPresent()) {
            return refused(view, refused.get());
        }
        RoundReport round = config.roles().rewrites() ? compaction.run(view, listedAt, now) : nothing(view);
        RetentionReport retained = RetentionReport.NOTHING;
        BucketView seen = round.view();
        if (config.roles().has(Role.RETAIN) && !stopping.getAsBoolean()) {
            retained = retained(seen, listedAt, now);
            seen = seen.with(retained.marked());
        }
        // By a later look at the clock: without a delay, what was marked just now goes in this cycle.
        boolean cleans = config.roles().has(Role.CLEAN) && !stopping.getAsBoolean();
        Cleaner.Cleaned cleaned = cleans ? cleaned(seen, clock.bestTime()) : Cleaner.Cleaned.NOTHING;
        return new Result(seen.without(cleaned.removed()), refused, round, retained, cleaned);
    }

    private RetentionReport retained(BucketView view, Instant listedAt, Instant now) {
        try (Phase _ = Phase.of("marking what is over")) {
            return retention.mark(Retention.of(view, now, config.retention(), this::isSelected), listedAt);
        }
    }

    private Cleaner.Cleaned cleaned(BucketView view, Instant now) {
        try (Phase _ = Phase.of("removing what was marked or abandoned")) {
            return cleaner.clean(selected(view), now);
        }
    }

    /// What would be done, and why not more. Reads only.
    Planned plan(BucketView view, Instant now) {
        return Planner.plan(view, now, config.round().plan().at(isLocal));
    }

    /// Why a cycle would refuse. Reads only.
    Optional<String> wouldRefuse(BucketView view, StoreClock clock) throws IOException {
        return refusal(view, clock, thanos::peek);
    }

    /// How evidence of another compactor is looked for.
    private interface Look {
        Optional<ThanosAtWork.Evidence> at(List<BucketBlock> selected, Set<BlockId> unread, Instant now)
                throws IOException;
    }

    private Optional<String> refusal(BucketView view, StoreClock clock, Look look) throws IOException {
        if (!config.roles().rewrites()
                && !config.roles().has(Role.RETAIN)
                && !config.roles().has(Role.CLEAN)) {
            return Optional.empty();
        }
        Optional<String> clocks = ClocksAgree.obstacle(clock);
        if (clocks.isPresent()) {
            return clocks;
        }
        List<BucketBlock> selected =
                view.blocks().stream().filter(this::isSelected).toList();
        Optional<ThanosAtWork.Evidence> evidence =
                look.at(selected, unread(view), clock.bestTime()); // and remembers, even if it is ignored
        return config.ignoresForeign() ? Optional.empty() : evidence.map(ThanosAtWork.Evidence::message);
    }

    /// Blocks of which the store did not hand everything out just now.
    private static Set<BlockId> unread(BucketView view) {
        Set<BlockId> unread = new HashSet<>();
        view.partial().stream()
                .filter(block -> block.state() == PartialBlock.State.UNREAD)
                .forEach(block -> unread.add(block.id()));
        view.blocks().stream()
                .filter(block -> BucketBlock.SeenMark.UNREAD.equals(block.deletionMark()))
                .forEach(block -> unread.add(block.meta().id()));
        return unread;
    }

    private static Result refused(BucketView view, String why) {
        LOG.error("nothing is compacted, marked or removed", "why", why);
        return new Result(view, Optional.of(why), nothing(view), RetentionReport.NOTHING, Cleaner.Cleaned.NOTHING);
    }

    private static RoundReport nothing(BucketView view) {
        Planned none = new Planned(List.of(), List.of(), new TreeMap<>());
        return new RoundReport(view, none, List.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    private boolean isSelected(BucketBlock block) {
        return config.selector().test(block.labels());
    }

    /// Whose an upload is that nobody finished cannot be told: only a compactor of all streams removes these.
    private BucketView selected(BucketView view) {
        if (config.selector().equals(Selector.ALL)) {
            return view;
        }
        Set<BlockId> others = new HashSet<>();
        view.blocks().stream()
                .filter(block -> !isSelected(block))
                .forEach(block -> others.add(block.meta().id()));
        view.partial().forEach(block -> others.add(block.id()));
        return view.without(others);
    }
}
