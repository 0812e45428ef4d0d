package io.edgeship.compact;

import io.edgeship.compact.logs.LogsFreshness;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What compactor and fleet server both publish of each site's logs; each metric is described in
/// `docs/reference/compactor.md`. Thread-safe.
final class LogsSiteMetrics {
    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final Map<MultiGauge, ToDoubleFunction<LogsFreshness>> perSite;

    LogsSiteMetrics(MeterRegistry registry) {
        this.registry = registry;
        perSite = Map.of(
                perSite("until.timestamp.seconds", "Up to here a site's live log lines are there."),
                site -> site.taken().untilMillis() / MILLIS,
                perSite("newest.line.timestamp.seconds", "The newest log line of a site, by its clock."),
                site -> site.taken().newestLineMillis() / MILLIS,
                perSite("missing.segments", "Segments of a site that were sealed before one that has come."),
                site -> site.taken().missingSegments(),
                perSite("last.contact.timestamp.seconds", "A site's newest heartbeat in the bucket of logs."),
                site -> site.spool().lastContactMillis() / MILLIS,
                perSite("backlog.segments", "Segments that wait at the site, by its heartbeat."),
                site -> (double) site.spool().backlogItems(),
                perSite("backlog.bytes", "Their size."),
                site -> (double) site.spool().backlogBytes(),
                perSite("losses", "A site's loss records in the bucket of logs."),
                site -> site.spool().losses(),
                perSite("incarnations.alive", "Agents alive in the bucket of logs under a site's name."),
                site -> site.spool().agentsAlive());
    }

    void seen(List<LogsFreshness> all) {
        List<LogsFreshness> shown = all.stream().limit(SiteMetrics.SITES_MAX).toList();
        perSite.forEach((gauge, value) -> gauge.register(rows(shown, value), true));
    }

    private static List<MultiGauge.Row<?>> rows(List<LogsFreshness> sites, ToDoubleFunction<LogsFreshness> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (LogsFreshness site : sites) {
            rows.add(MultiGauge.Row.of(Tags.of("site", site.site()), value.applyAsDouble(site)));
        }
        return rows;
    }

    private MultiGauge perSite(String name, String description) {
        return MultiGauge.builder("edgeship.fleet.site.logs." + name)
                .description(description)
                .register(registry);
    }
}
