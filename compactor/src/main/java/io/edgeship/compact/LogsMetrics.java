package io.edgeship.compact;

import io.edgeship.compact.logs.LogsResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// The metrics of the role `logs`; each is described in `docs/reference/compactor.md`. Thread-safe.
final class LogsMetrics {
    private final MeterRegistry registry;
    private final IntakeMetrics intake;
    private final Counter chunks;
    private final Counter indexes;
    private final AtomicLong stopped;
    private final AtomicLong busy;
    private final LogsSiteMetrics sites;

    LogsMetrics(MeterRegistry registry) {
        this.registry = registry;
        intake = new IntakeMetrics(registry, "edgeship.logs.");
        chunks = counter("indexed.chunks", "Chunks in the indexes that were written.");
        indexes = counter("indexes", "Indexes that were written.");
        stopped = gauge("stopped", "1 where the last cycle could take in no logs at all: see the log.");
        busy = gauge("busy", "1 where another compactor had the logs in the last cycle.");
        sites = new LogsSiteMetrics(registry);
    }

    void finished(LogsResult result) {
        intake.finished(result.taken());
        chunks.increment(result.chunks());
        indexes.increment(result.indexes());
        stopped.set(result.problem().isPresent() ? 1 : 0);
        busy.set(result.busy().isPresent() ? 1 : 0);
        if (result.problem().isEmpty()) {
            sites.seen(result.sites());
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder("edgeship.logs." + name).description(description).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder("edgeship.logs." + name, value, AtomicLong::get)
                .description(description)
                .register(registry);
        return value;
    }
}
