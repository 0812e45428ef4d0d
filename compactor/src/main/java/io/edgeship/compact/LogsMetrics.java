package io.edgeship.compact;

import io.edgeship.compact.logs.LogsResult;
import io.edgeship.compact.logs.SiteLogs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// The metrics of the role `logs`; each is described in `docs/reference/compactor.md`. Thread-safe.
final class LogsMetrics {
    /// As of blocks.
    private static final int SITES_MAX = 10_000;

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final IntakeMetrics intake;
    private final Counter chunks;
    private final Counter indexes;
    private final AtomicLong stopped = new AtomicLong();
    private final Map<MultiGauge, ToDoubleFunction<SiteLogs>> perSite;

    LogsMetrics(MeterRegistry registry) {
        this.registry = registry;
        intake = new IntakeMetrics(registry, "edgeship.logs.");
        chunks = counter("edgeship.logs.indexed.chunks", "Chunks in the indexes that were written.");
        indexes = counter("edgeship.logs.indexes", "Indexes that were written.");
        Gauge.builder("edgeship.logs.stopped", stopped, AtomicLong::get)
                .description("1 where the last cycle could take in no logs at all: see the log.")
                .register(registry);
        perSite = Map.of(
                perSite("until.timestamp.seconds", "Up to here a site's live log lines are there."),
                site -> site.untilMillis() / MILLIS,
                perSite("newest.line.timestamp.seconds", "The newest log line of a site, by its clock."),
                site -> site.newestLineMillis() / MILLIS,
                perSite("missing.segments", "Segments of a site that were sealed before one that has come."),
                SiteLogs::missingSegments);
    }

    void finished(LogsResult result) {
        intake.finished(result.taken());
        chunks.increment(result.chunks());
        indexes.increment(result.indexes());
        stopped.set(result.problem().isPresent() ? 1 : 0);
        List<SiteLogs> shown = result.sites().stream().limit(SITES_MAX).toList();
        if (result.problem().isEmpty()) {
            perSite.forEach((gauge, value) -> gauge.register(rows(shown, value), true));
        }
    }

    private static List<MultiGauge.Row<?>> rows(List<SiteLogs> sites, ToDoubleFunction<SiteLogs> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (SiteLogs site : sites) {
            rows.add(MultiGauge.Row.of(Tags.of("site", site.site()), value.applyAsDouble(site)));
        }
        return rows;
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private MultiGauge perSite(String name, String description) {
        return MultiGauge.builder("edgeship.fleet.site.logs." + name)
                .description(description)
                .register(registry);
    }
}
