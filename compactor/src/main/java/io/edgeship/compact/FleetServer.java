package io.edgeship.compact;

import io.edgeship.bucket.Bucket;
import io.edgeship.compact.job.CycleScheduler;
import io.edgeship.compact.job.Schedule;
import io.edgeship.compact.logs.LogsStatus;
import io.edgeship.compact.logs.LogsTable;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.CentreTraces;
import io.edgeship.fleet.FleetJson;
import io.edgeship.fleet.FleetStatus;
import io.edgeship.fleet.FleetTable;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.fleet.SiteStatus;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Publishes how each site does, from what lies in the bucket: sites and compactors cannot be scraped from the centre.
/// Reads only. A bucket that cannot be read leaves the last picture standing, and the process not ready.
final class FleetServer {
    private static final Log LOG = Log.of(FleetServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String NOTHING_YET = "the bucket was not read yet";

    private final Bucket bucket;
    private final CompactorConfig config;
    private final BucketSync sync;
    private final FleetMetrics metrics;
    private final Health health;
    private final @Nullable FleetLogs logs;
    private final AtomicReference<Optional<Seen>> latest = new AtomicReference<>(Optional.empty());

    /// @param logs looked at too; null where there are none
    FleetServer(Bucket bucket, CompactorConfig config, FleetMetrics metrics, Health health, @Nullable FleetLogs logs) {
        this.bucket = bucket;
        this.config = config;
        this.metrics = metrics;
        this.health = health;
        this.logs = logs;
        sync = BucketSync.cachedIn(config.cacheDir(), bucket);
        health.problem("bucket", NOTHING_YET);
    }

    /// What one look at the bucket saw.
    ///
    /// @param at by the store's clock
    record Seen(BucketView view, List<SiteFreshness> fresh, List<SiteStatus> sites, CentreTraces centre, Instant at) {}

    /// Until the process is told to end.
    ///
    /// @param ofLogs null where there are none
    static void serve(Bucket bucket, @Nullable Bucket ofLogs, CompactorConfig config, Metrics registry)
            throws IOException, ConfigException, InterruptedException {
        Health health = new Health();
        FleetLogs logs = ofLogs == null
                ? null
                : new FleetLogs(ofLogs, config.fleet().goals(), new FleetLogsMetrics(registry.registry()), health);
        FleetServer server = new FleetServer(bucket, config, new FleetMetrics(registry.registry()), health, logs);
        try (StopSignal stop = StopSignal.install();
                OpsServer http = OpsServer.start(config.fleet().http(), registry, health)) {
            server.addPages(http);
            try (CycleScheduler _ =
                    CycleScheduler.start(Schedule.every(config.fleet().interval()), server::look)) {
                stop.await();
            }
        }
    }

    void addPages(OpsServer http) {
        http.page("/", TEXT, () -> page(seen -> FleetTable.print(seen.fresh(), seen.at())) + ofLogs());
        http.page(
                "/fleet.json",
                JSON,
                () -> latest.get()
                        .map(seen -> json(seen.sites(), seen.at()))
                        .orElseGet(() -> json(List.of(), Instant.EPOCH)));
    }

    private String ofLogs() {
        return logs == null ? "" : logs.table();
    }

    private String json(List<SiteStatus> sites, Instant at) {
        List<LogsStatus> statuses = logs == null ? List.of() : logs.statuses();
        return new String(
                FleetJson.of(sites, at)
                        .withUnlessEmpty("logs", LogsTable.statusJson(statuses))
                        .toIndentedBytes(),
                StandardCharsets.UTF_8);
    }

    private String page(Function<Seen, String> print) {
        return latest.get().map(print).orElse(NOTHING_YET + "\n");
    }

    /// Looks at the bucket. Not thread-safe. An [Error] is the scheduler's to log; the picture is then as old as the
    /// metrics say.
    void look() {
        if (logs != null) {
            logs.look();
        }
        try {
            Seen seen = see();
            latest.set(Optional.of(seen));
            metrics.finished(seen, Instant.now());
            health.ok("bucket");
        } catch (IOException | RuntimeException e) {
            metrics.failed();
            health.problem("bucket", String.valueOf(e.getMessage()));
            LOG.error("bucket could not be read, the next look tries again", e);
        }
    }

    /// Named sites that ship no blocks are not missed here.
    private Set<String> ofLogsAlone() {
        return logs == null ? Set.of() : logs.sites();
    }

    private Seen see() throws IOException {
        CentreTraces centre = new CentreTraces();
        BucketView view = sync.sync(centre);
        Instant now = bucket.clock().now().orElseGet(Instant::now);
        List<SiteFreshness> fresh = Freshness.of(view, config.siteLabel(), now);
        return new Seen(
                view,
                fresh,
                FleetStatus.of(view, fresh, config.siteLabel(), config.fleet().goals(), ofLogsAlone(), now),
                centre,
                now);
    }
}
