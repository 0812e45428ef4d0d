package io.edgeship.compact;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.compact.intake.Intake;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.compact.logs.LogsResult;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.round.RoundWatcher;
import io.edgeship.fleet.AgentsAlive;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketIndex;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// One cycle at the centre: logs, sync, verify completeness, take in, compact, retain, clean, publish. What one block
/// or
/// one site does wrong is in the result and stops nobody; an exception means that the store could not be used, and
/// the next cycle tries again. Not thread-safe but for [#stop].
final class Cycle {
    private static final Log LOG = Log.of(Cycle.class);

    /// A person needs a few names to begin with; the bucket index has them all.
    private static final int NAMED_MAX = 20;

    /// Without a meta.json by nature: they come and go.
    private static final Set<PartialBlock.State> PASSING =
            Set.of(PartialBlock.State.UPLOAD, PartialBlock.State.REMOVAL);

    private final Bucket bucket;
    private final CompactorConfig config;
    private final Supplier<StoreClock> clock;
    private final BucketSync sync;
    private final Intake intake;
    private final Upkeep upkeep;
    private final Supplier<LogsResult> logs;
    private final AtomicBoolean stopping = new AtomicBoolean();

    Cycle(Bucket bucket, CompactorConfig config) {
        this(bucket, config, bucket::clock);
    }

    /// @param clock the store's
    Cycle(Bucket bucket, CompactorConfig config, Supplier<StoreClock> clock) {
        this(bucket, config, clock, RoundWatcher.NONE, () -> LogsResult.NOTHING);
    }

    /// @param clock the store's
    /// @param logs  takes in logs, whose bucket is another; has every trouble in its result
    Cycle(
            Bucket bucket,
            CompactorConfig config,
            Supplier<StoreClock> clock,
            RoundWatcher watcher,
            Supplier<LogsResult> logs) {
        this.bucket = bucket;
        this.config = config;
        this.clock = clock;
        sync = BucketSync.cachedIn(config.cacheDir(), bucket);
        this.logs = logs;
        intake = new Intake(bucket, config.intake(), clock);
        upkeep = new Upkeep(bucket, config.upkeep(), holder(), stopping::get, watcher);
    }

    /// Has the cycle under way end soon: the compactions that it is at are dropped, as if the process had been
    /// killed.
    void stop() {
        stopping.set(true);
    }

    /// Names this process among all that ever run.
    static String holder() {
        return "%s pid %d %s".formatted(hostName(), ProcessHandle.current().pid(), UUID.randomUUID());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }

    /// What a cycle found and did.
    ///
    /// @param view  at its end
    /// @param young blocks that Thanos' compactor does not take yet, because of the consistency delay
    record Result(
            BucketView view,
            List<SiteFreshness> sites,
            IntakeResult taken,
            LogsResult logs,
            Upkeep.Result upkeep,
            int young) {
        Cleaner.Cleaned cleaned() {
            return upkeep.cleaned();
        }

        int incomplete() {
            return (int)
                    view.blocks().stream().filter(block -> !block.isComplete()).count();
        }

        int withUnexpectedFiles() {
            return (int) view.blocks().stream()
                    .filter(block -> !block.unexpected().isEmpty())
                    .count();
        }

        int held() {
            return (int) view.partial().stream()
                    .filter(block -> !block.isRemovable())
                    .count();
        }
    }

    Result run() throws IOException, InterruptedException {
        LogsResult logsTaken = logsTaken();
        Instant listedAt = clock.get().bestTime();
        InboxListing inbox = new InboxListing();
        BucketView listed = listed(inbox);
        Instant now = clock.get().bestTime();
        name(listed, now);
        boolean mayRemove = ClocksAgree.obstacle(clock.get()).isEmpty();
        IntakeResult taken = taken(inbox, listed, mayRemove);
        Upkeep.Result done = upkeep.run(listed.with(taken.blocks()), listedAt, clock.get());
        BucketView view = done.view();
        List<SiteFreshness> sites = Freshness.of(view, config.siteLabel(), now);
        if (config.upkeep().roles().has(Role.FLEET)) {
            bucket.put(BucketLayout.BUCKET_INDEX, Body.of(BucketIndex.write(view, sites, now)));
        }
        return new Result(view, sites, taken, logsTaken, done, young(view, now, config.consistencyDelay()));
    }

    private BucketView listed(InboxListing inbox) throws IOException {
        try (Phase _ = Phase.of("listing the bucket and reading what is new in it")) {
            return sync.sync(inbox::listed);
        }
    }

    /// First: a bucket of blocks that cannot be used is no reason to keep logs waiting.
    private LogsResult logsTaken() {
        try (Phase _ = Phase.of("taking in logs")) {
            return logs.get();
        }
    }

    private IntakeResult taken(InboxListing inbox, BucketView listed, boolean mayRemove) {
        try (Phase _ = Phase.of("taking in what sites sent")) {
            return intake.run(inbox, listed, mayRemove);
        }
    }

    /// What a cycle would compact now, of what is in the bucket before intake.
    ///
    /// @param refused why it would not; empty if it would
    record DryRun(Planned planned, Optional<String> refused) {}

    /// Reads only.
    DryRun dryRun() throws IOException {
        BucketView listed = sync.sync(_ -> {});
        return new DryRun(upkeep.plan(listed, clock.get().bestTime()), upkeep.wouldRefuse(listed, clock.get()));
    }

    private static void name(BucketView view, Instant now) {
        AgentsAlive.of(view.reports(), now).sitesInDoubt().stream()
                .limit(NAMED_MAX)
                .forEach(site -> LOG.error(
                        "two agents are alive under one site's name, what the later one sends is held", "site", site));
        view.blocks().stream()
                .filter(block -> !block.isComplete())
                .limit(NAMED_MAX)
                .forEach(Cycle::nameIncomplete);
        view.blocks().stream()
                .filter(block -> !block.unexpected().isEmpty())
                .limit(NAMED_MAX)
                .forEach(block -> LOG.warn(
                        "block has files under chunks/ that it does not list, left alone",
                        "block",
                        block.meta().id(),
                        "files",
                        few(block.unexpected())));
        view.partial().stream()
                .filter(block -> !PASSING.contains(block.state()))
                .limit(NAMED_MAX)
                .forEach(block -> LOG.warn(
                        "meta.json cannot be used", "block", block.id(), "why", block.why(), "fate", fate(block)));
        view.strange().stream()
                .limit(NAMED_MAX)
                .forEach(name -> LOG.warn("folder reads as a ULID to Thanos and is none, left alone", "folder", name));
    }

    private static void nameIncomplete(BucketBlock block) {
        LOG.error(
                "block is incomplete: readers will fail on it",
                "block",
                block.meta().id(),
                "missing",
                few(block.missing()));
    }

    private static String fate(PartialBlock block) {
        return block.isRemovable() ? "removed once nothing was added for partial_delay" : "left alone";
    }

    private static List<String> few(List<String> names) {
        return names.subList(0, Math.min(names.size(), NAMED_MAX));
    }

    /// How many blocks Thanos' compactor does not see yet, by the rule of its consistency-delay filter.
    static int young(BucketView view, Instant now, Duration consistencyDelay) {
        int young = 0;
        for (BucketBlock block : view.blocks()) {
            ThanosMeta thanos = block.meta().thanos();
            Instant uploaded = thanos == null ? null : thanos.uploadTime();
            long since = uploaded == null ? block.meta().id().timeMillis() : BucketBlock.millis(uploaded);
            boolean exempt = thanos != null && BucketBlock.NEVER_YOUNG.contains(thanos.source());
            if (!exempt && since > now.toEpochMilli() - consistencyDelay.toMillis()) {
                young++;
            }
        }
        return young;
    }
}
