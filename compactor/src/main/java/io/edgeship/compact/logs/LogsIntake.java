package io.edgeship.compact.logs;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.compact.intake.Intake;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.compact.lock.Acquired;
import io.edgeship.compact.lock.StreamLock;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SitesSync;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The role `logs`: takes in what lies in the inbox of the logs' bucket, cycle by cycle. One compactor at a time does
/// it; another leaves all to it. What goes wrong here, a store that is down included, is in the result and ends
/// no cycle of the blocks. Not thread-safe.
public final class LogsIntake {
    private static final Log LOG = Log.of(LogsIntake.class);

    /// What the lock is of: all logs of the bucket, for what has come of all sites is noted in one object.
    static final Map<String, String> LOCK = Map.of("role", "logs");

    private final Bucket bucket;
    private final LogsConfig config;
    private final IntakeConfig rules;
    private final StreamLocks locks;
    private final Supplier<StoreClock> clock;
    private final SitesSync sites;
    private final Intake intake;
    private @Nullable CentralLoki loki;
    private @Nullable Locked underWay;
    private @Nullable SegmentIntake segments;

    /// A cycle that has the lock.
    ///
    /// @param state what has come so far; takes note of what comes now
    private record Locked(CentralLoki loki, LogsState state, LogsHold hold) {}

    /// @param bucket of the central Loki
    /// @param rules  limits of items, and the label that names a site
    /// @param locks  of the same bucket
    public LogsIntake(Bucket bucket, LogsConfig config, IntakeConfig rules, StreamLocks locks) {
        this.bucket = bucket;
        this.config = config;
        this.rules = rules;
        this.locks = locks;
        clock = bucket::clock;
        sites = new SitesSync(bucket);
        intake = new Intake(bucket, rules, clock, this::taker);
    }

    /// One cycle.
    public LogsResult run() {
        try {
            CentralLoki known = refreshed();
            if (!known.storagePrefix().equals(config.objstore().prefix())) {
                return failed("the central Loki has keys begin with '%s' (storage_prefix), logs.objstore with '%s'"
                        .formatted(known.storagePrefix(), config.objstore().prefix()));
            }
            return switch (locks.acquireToList(LOCK)) {
                case Acquired.Held(var lock) -> alone(lock, known);
                case Acquired.Busy busy -> leftTo(busy.holder());
                case Acquired.Stale _ -> leftTo("another compactor");
            };
        } catch (IOException e) {
            LOG.error("logs could not be taken in, the next cycle tries again", e);
            return LogsResult.failed(String.valueOf(e.getMessage()));
        }
    }

    private LogsResult alone(StreamLock lock, CentralLoki known) throws IOException {
        try {
            Locked cycle = new Locked(known, LogsState.read(bucket), new LogsHold(lock));
            underWay = cycle;
            segments = null;
            InboxListing listing = new InboxListing();
            BucketView view = sites.sync(listing::listed);
            boolean mayRemove = ClocksAgree.obstacle(clock.get()).isEmpty();
            IntakeResult taken = intake.run(listing, view, mayRemove);
            SegmentIntake done = segments;
            return new LogsResult(
                    taken,
                    done == null ? 0 : done.chunks(),
                    done == null ? 0 : done.indexes(),
                    LogsFreshness.of(cycle.state(), view, clock.get().bestTime()),
                    Optional.empty(),
                    Optional.empty());
        } finally {
            lock.release();
        }
    }

    private LogsResult leftTo(String holder) throws IOException {
        LOG.info("logs are taken in by another compactor, left to it", "holder", holder);
        BucketView view = sites.sync(_ -> {});
        List<LogsFreshness> fresh =
                LogsFreshness.of(LogsState.read(bucket), view, clock.get().bestTime());
        return LogsResult.busy(holder, fresh);
    }

    private static LogsResult failed(String why) {
        LOG.error("no logs are taken in", "why", why);
        return LogsResult.failed(why);
    }

    private SegmentIntake taker(BucketView view, Instant now) {
        Locked cycle = underWay;
        if (cycle == null) {
            throw new IllegalStateException("the lock is taken first");
        }
        TenantRules tenants = new TenantRules(rules.siteLabel(), config.verbatimTenants());
        SegmentRules wanted = new SegmentRules(cycle.loki(), tenants, rules.maxItemBytes());
        SegmentIntake made = new SegmentIntake(bucket, wanted, cycle.state(), cycle.hold(), now);
        segments = made;
        return made;
    }

    /// What its configuration says now, or said when it could be read last.
    private CentralLoki refreshed() throws IOException {
        CentralLoki before = loki;
        try {
            CentralLoki now = config.loki().read();
            loki = now;
            return now;
        } catch (IOException e) {
            if (before == null) {
                throw new IOException("the central Loki's configuration is not known: " + e.getMessage(), e);
            }
            LOG.warn("the central Loki's configuration cannot be read, going on with the last one", e);
            return before;
        }
    }
}
