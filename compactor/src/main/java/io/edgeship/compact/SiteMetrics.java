package io.edgeship.compact;

import io.edgeship.fleet.SiteFreshness;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// What compactor and fleet server both publish of each site; each metric is described in
/// `docs/reference/compactor.md`. Thread-safe.
final class SiteMetrics {
    /// A bucket with more sites than this is better asked through the bucket index.
    static final int SITES_MAX = 10_000;

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final AtomicLong sites = new AtomicLong();
    private final Map<MultiGauge, ToDoubleFunction<SiteFreshness>> perSite;

    SiteMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("edgeship.fleet.sites", sites, AtomicLong::get)
                .description("Sites that have a block, a heartbeat or a loss record.")
                .register(registry);
        perSite = perSite();
    }

    void seen(List<SiteFreshness> all) {
        sites.set(all.size());
        List<SiteFreshness> shown = all.stream().limit(SITES_MAX).toList();
        perSite.forEach((gauge, value) -> gauge.register(rows(shown, value), true));
    }

    private static List<MultiGauge.Row<?>> rows(List<SiteFreshness> sites, ToDoubleFunction<SiteFreshness> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (SiteFreshness site : sites) {
            rows.add(MultiGauge.Row.of(Tags.of("site", site.site()), value.applyAsDouble(site)));
        }
        return rows;
    }

    private Map<MultiGauge, ToDoubleFunction<SiteFreshness>> perSite() {
        return Map.of(
                perSite("data.until.timestamp.seconds", "Up to here a site's data is there."),
                site -> site.dataUntilMillis() / MILLIS,
                perSite("last.contact.timestamp.seconds", "A site's newest heartbeat."),
                site -> site.lastContactMillis() / MILLIS,
                perSite("blocks", "A site's blocks."),
                SiteFreshness::blocks,
                perSite("gaps", "Holes between a site's blocks."),
                SiteFreshness::gaps,
                perSite("outstanding.blocks", "Blocks that a site has sealed and not yet shipped."),
                site -> site.outstanding().size(),
                perSite("incarnations.alive", "Agents alive under a site's name; 1 as it should be, 0 while silent."),
                SiteFreshness::agentsAlive,
                perSite("losses", "A site's loss records."),
                SiteFreshness::losses);
    }

    private MultiGauge perSite(String name, String description) {
        return MultiGauge.builder("edgeship.fleet.site." + name)
                .description(description)
                .register(registry);
    }
}
