package io.edgeship.compact;

import io.edgeship.bucket.Bucket;
import io.edgeship.compact.logs.LogsFleet;
import io.edgeship.compact.logs.LogsFreshness;
import io.edgeship.compact.logs.LogsStatus;
import io.edgeship.compact.logs.LogsTable;
import io.edgeship.fleet.FleetGoals;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// The fleet server's other half: how the logs of each site do, from what lies in the bucket of logs. Reads only. A
/// bucket that cannot be read leaves the last picture standing, and the process not ready.
final class FleetLogs {
    private static final Log LOG = Log.of(FleetLogs.class);
    private static final String CHECK = "bucket of logs";

    private final LogsFleet fleet;
    private final FleetGoals goals;
    private final FleetLogsMetrics metrics;
    private final Health health;
    private final AtomicReference<Optional<Seen>> latest = new AtomicReference<>(Optional.empty());

    /// What one look saw.
    private record Seen(List<LogsFreshness> sites, List<LogsStatus> statuses, Instant at) {}

    FleetLogs(Bucket bucket, FleetGoals goals, FleetLogsMetrics metrics, Health health) {
        fleet = new LogsFleet(bucket);
        this.goals = goals;
        this.metrics = metrics;
        this.health = health;
        health.problem(CHECK, "it was not read yet");
    }

    /// Looks at the bucket. Not thread-safe.
    void look() {
        try {
            LogsFleet.Seen seen = fleet.look();
            List<LogsStatus> statuses = seen.sites().stream()
                    .map(site -> LogsStatus.of(site, goals.of(site.site()), seen.at()))
                    .toList();
            latest.set(Optional.of(new Seen(seen.sites(), statuses, seen.at())));
            metrics.finished(seen, statuses, Instant.now());
            health.ok(CHECK);
        } catch (IOException | RuntimeException e) {
            metrics.failed();
            health.problem(CHECK, String.valueOf(e.getMessage()));
            LOG.error("bucket of logs could not be read, the next look tries again", e);
        }
    }

    /// Names of all sites that were heard of.
    Set<String> sites() {
        return statuses().stream().map(LogsStatus::site).collect(Collectors.toSet());
    }

    /// Nothing before the first look.
    List<LogsStatus> statuses() {
        return latest.get().map(Seen::statuses).orElse(List.of());
    }

    /// Nothing where no site has logs.
    String table() {
        return latest.get()
                .filter(seen -> !seen.sites().isEmpty())
                .map(seen -> "\n" + LogsTable.print(seen.sites(), seen.at()))
                .orElse("");
    }
}
