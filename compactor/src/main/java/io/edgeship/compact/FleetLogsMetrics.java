package io.edgeship.compact;

import io.edgeship.compact.logs.LogsFleet;
import io.edgeship.compact.logs.LogsStatus;
import io.edgeship.fleet.SiteState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The fleet server's metrics of logs; each is described in `docs/reference/compactor.md`. What is not known of a site
/// has no row. Thread-safe.
final class FleetLogsMetrics {
    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final LogsSiteMetrics sites;
    private final Counter failures;
    private final AtomicLong lastSuccessMillis;
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong oldestItemMillis;
    private final MultiGauge states;
    private final MultiGauge lags;
    private final MultiGauge objectives;

    FleetLogsMetrics(MeterRegistry registry) {
        this.registry = registry;
        sites = new LogsSiteMetrics(registry);
        failures = Counter.builder("edgeship.fleet.logs.sync.failures")
                .description("Looks at the bucket of logs that failed.")
                .register(registry);
        lastSuccessMillis =
                time("last.success", "When the bucket of logs was last looked at; 0 before the first time.");
        oldestItemMillis = time("inbox.oldest", "Since when the oldest segment waits; 0 where none does.");
        Gauge.builder("edgeship.fleet.logs.inbox.items", items, AtomicLong::get)
                .description("Segments that sites have sent whole and that wait for the compactor.")
                .register(registry);
        states = perSite("state", "1 for the state that the site's logs are in, 0 for the others.");
        lags = perSite("lag.seconds", "Since when a site's lines were not there when the bucket was looked at.");
        objectives = perSite("lag.objective.seconds", "How long that may be.");
    }

    /// @param at by this machine's clock
    void finished(LogsFleet.Seen seen, List<LogsStatus> all, Instant at) {
        lastSuccessMillis.set(at.toEpochMilli());
        items.set(seen.centre().items());
        oldestItemMillis.set(
                seen.centre().oldestItem().map(Instant::toEpochMilli).orElse(0L));
        sites.seen(seen.sites());
        List<LogsStatus> shown = all.stream().limit(SiteMetrics.SITES_MAX).toList();
        states.register(shown.stream().flatMap(FleetLogsMetrics::states).toList(), true);
        lags.register(
                shown.stream()
                        .flatMap(site -> site.lagMillis().stream().mapToObj(lag -> row(site, lag / MILLIS)))
                        .toList(),
                true);
        objectives.register(
                shown.stream()
                        .map(site -> row(
                                site, (double) site.goals().logsLagObjective().toSeconds()))
                        .toList(),
                true);
    }

    void failed() {
        failures.increment();
    }

    private static Stream<Row<?>> states(LogsStatus site) {
        return Stream.of(SiteState.values())
                .map(state -> row(site, site.state() == state ? 1 : 0, "state", state.spelling()));
    }

    private static Row<?> row(LogsStatus site, double value, String... more) {
        return Row.of(Tags.of("site", site.site()).and(more), value);
    }

    private AtomicLong time(String name, String description) {
        AtomicLong millis = new AtomicLong();
        Gauge.builder("edgeship.fleet.logs." + name + ".timestamp.seconds", millis, at -> at.get() / MILLIS)
                .description(description)
                .register(registry);
        return millis;
    }

    private MultiGauge perSite(String name, String description) {
        return MultiGauge.builder("edgeship.fleet.site.logs." + name)
                .description(description)
                .register(registry);
    }
}
