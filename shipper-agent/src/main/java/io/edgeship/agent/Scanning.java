package io.edgeship.agent;

import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.PrometheusSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// Scans the sources, each on its own: what is wrong with one is said in `/-/ready` and keeps no other from its turn.
/// Used by one thread.
final class Scanning {
    private static final Log LOG = Log.of(Scanning.class);

    /// What a Prometheus data directory has and an empty mount has not.
    private static final List<String> SIGNS = List.of("wal", "lock", "queries.active", "chunks_head");

    private final List<PrometheusSource> sources;
    private final Health health;
    private final AgentMetrics metrics;

    Scanning(List<PrometheusSource> sources, Health health, AgentMetrics metrics) {
        this.sources = sources;
        this.health = health;
        this.metrics = metrics;
    }

    /// @return whether every source could be scanned to its end
    boolean run() {
        boolean whole = true;
        for (PrometheusSource source : sources) {
            whole &= scan(source);
        }
        metrics.refresh();
        return whole;
    }

    private boolean scan(PrometheusSource source) {
        try {
            List<String> failed = source.scan();
            source.full()
                    .ifPresentOrElse(why -> health.problem(spoolOf(source), why), () -> health.ok(spoolOf(source)));
            if (failed.isEmpty()) {
                metrics.scanned();
                look(source);
                return true;
            }
            String first = failed.getFirst();
            problem(source, failed.size() == 1 ? first : first + " and %d more".formatted(failed.size() - 1));
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "scan did not finish, trying again",
                    e,
                    "source",
                    source.config().path());
            problem(source, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        metrics.scanFailed();
        return false;
    }

    private void look(PrometheusSource source) {
        boolean looksRight = SIGNS.stream()
                .anyMatch(sign -> Files.exists(source.config().path().resolve(sign)));
        if (looksRight) {
            health.ok(nameOf(source));
        } else {
            problem(source, "no wal/ there: the path, or the volume's subPath, is most likely wrong");
        }
    }

    private void problem(PrometheusSource source, String reason) {
        health.problem(nameOf(source), reason);
    }

    private static String spoolOf(PrometheusSource source) {
        return "spool " + source.config().spool();
    }

    private static String nameOf(PrometheusSource source) {
        return "source " + source.config().path();
    }
}
