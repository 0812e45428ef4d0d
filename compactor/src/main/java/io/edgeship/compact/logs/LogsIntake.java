package io.edgeship.compact.logs;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.compact.clean.ClocksAgree;
import io.edgeship.compact.intake.InboxListing;
import io.edgeship.compact.intake.Intake;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SitesSync;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The role `logs`: takes in what lies in the inbox of the logs' bucket, cycle by cycle. What goes wrong here, a store
/// that is down included, is in the result and ends no cycle of the blocks. Not thread-safe.
public final class LogsIntake {
    private static final Log LOG = Log.of(LogsIntake.class);

    private final Bucket bucket;
    private final LogsConfig config;
    private final IntakeConfig rules;
    private final Supplier<StoreClock> clock;
    private final SitesSync sites;
    private final Intake intake;
    private @Nullable CentralLoki loki;
    private @Nullable SegmentIntake segments;
    private LogsState state = new LogsState();

    /// @param bucket of the central Loki
    /// @param rules  limits of items, and the label that names a site
    public LogsIntake(Bucket bucket, LogsConfig config, IntakeConfig rules) {
        this(bucket, config, rules, bucket::clock);
    }

    /// @param clock the store's
    LogsIntake(Bucket bucket, LogsConfig config, IntakeConfig rules, Supplier<StoreClock> clock) {
        this.bucket = bucket;
        this.config = config;
        this.rules = rules;
        this.clock = clock;
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
            state = LogsState.read(bucket);
            InboxListing listing = new InboxListing();
            BucketView view = sites.sync(listing::listed);
            segments = null;
            IntakeResult taken =
                    intake.run(listing, view, ClocksAgree.obstacle(clock.get()).isEmpty());
            SegmentIntake done = segments;
            return new LogsResult(
                    taken,
                    done == null ? 0 : done.chunks(),
                    done == null ? 0 : done.indexes(),
                    state.bySite(),
                    Optional.empty());
        } catch (IOException e) {
            LOG.error("logs could not be taken in, the next cycle tries again", e);
            return LogsResult.failed(String.valueOf(e.getMessage()));
        }
    }

    private static LogsResult failed(String why) {
        LOG.error("no logs are taken in", "why", why);
        return LogsResult.failed(why);
    }

    private SegmentIntake taker(BucketView view, Instant now) {
        CentralLoki known = loki;
        if (known == null) {
            throw new IllegalStateException("the central Loki is read first");
        }
        TenantRules tenants = new TenantRules(rules.siteLabel(), config.verbatimTenants());
        SegmentIntake made =
                new SegmentIntake(bucket, new SegmentRules(known, tenants, rules.maxItemBytes()), state, now);
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
