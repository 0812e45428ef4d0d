package io.edgeship.agent;

import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Source;
import java.io.IOException;
import java.util.List;

/// Scans the sources, each on its own: what is wrong with one is said in `/-/ready` and keeps no other from its turn.
/// Used by one thread.
final class Scanning {
    private static final Log LOG = Log.of(Scanning.class);

    private final List<Source> sources;
    private final Health health;
    private final AgentMetrics metrics;

    Scanning(List<Source> sources, Health health, AgentMetrics metrics) {
        this.sources = sources;
        this.health = health;
        this.metrics = metrics;
    }

    /// @return whether every source could be scanned to its end
    boolean run() {
        boolean whole = true;
        for (Source source : sources) {
            whole &= scan(source);
        }
        metrics.refresh();
        return whole;
    }

    private boolean scan(Source source) {
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
            LOG.error("scan did not finish, trying again", e, "source", source.path());
            problem(source, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        metrics.scanFailed();
        return false;
    }

    private void look(Source source) {
        source.strange().ifPresentOrElse(why -> problem(source, why), () -> health.ok(nameOf(source)));
    }

    private void problem(Source source, String reason) {
        health.problem(nameOf(source), reason);
    }

    private static String spoolOf(Source source) {
        return "spool " + source.spool().dir();
    }

    private static String nameOf(Source source) {
        return "source " + source.path();
    }
}
