package io.edgeship.compact;

import io.edgeship.fleet.SiteFreshness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The compactor's metrics; each is described in `docs/reference/compactor.md`. Thread-safe.
final class CompactorMetrics {
    /// A bucket with more sites than this is better asked through the bucket index.
    private static final int SITES_MAX = 10_000;

    private static final double MILLIS = 1000;

    private final Counter cycles;
    private final Counter failures;
    private final Counter thanosCycles;
    private final Counter partialCleaned;
    private final Counter markedCleaned;
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong incomplete = new AtomicLong();
    private final AtomicLong partial = new AtomicLong();
    private final AtomicLong invisible = new AtomicLong();
    private final AtomicLong lastSuccessMillis = new AtomicLong();
    private final MultiGauge dataUntil;
    private final MultiGauge lastContact;
    private final MultiGauge siteBlocks;
    private final MultiGauge siteGaps;

    CompactorMetrics(MeterRegistry registry) {
        cycles = counter(registry, "edgeship.compact.cycles", "Cycles that finished.");
        failures = counter(registry, "edgeship.compact.cycle.failures", "Cycles that could not finish.");
        thanosCycles = counter(registry, "thanos.compact.iterations", "As edgeship_compact_cycles_total.");
        partialCleaned = counter(registry, "edgeship.compact.partial.cleaned", "Abandoned uploads that were removed.");
        markedCleaned =
                counter(registry, "thanos.compact.blocks.cleaned", "Blocks removed after their deletion mark's delay.");
        gauge(registry, "edgeship.compact.blocks", "Committed blocks in the bucket.", blocks);
        gauge(registry, "edgeship.compact.incomplete.blocks", "Blocks that lack a file.", incomplete);
        gauge(registry, "edgeship.compact.partial.blocks", "Blocks without meta.json.", partial);
        gauge(registry, "edgeship.compact.young.blocks", "Blocks within the consistency delay.", invisible);
        Gauge.builder(
                        "edgeship.compact.last.success.timestamp.seconds",
                        lastSuccessMillis,
                        value -> value.get() / MILLIS)
                .description("When a cycle last finished; 0 before the first.")
                .register(registry);
        dataUntil = perSite(
                registry, "edgeship.fleet.site.data.until.timestamp.seconds", "Up to here a site's data is there.");
        lastContact =
                perSite(registry, "edgeship.fleet.site.last.contact.timestamp.seconds", "A site's newest heartbeat.");
        siteBlocks = perSite(registry, "edgeship.fleet.site.blocks", "A site's blocks.");
        siteGaps = perSite(registry, "edgeship.fleet.site.gaps", "Holes between a site's blocks.");
    }

    void finished(Cycle.Result result) {
        cycles.increment();
        thanosCycles.increment();
        partialCleaned.increment(result.cleaned().partialBlocks());
        markedCleaned.increment(result.cleaned().markedBlocks());
        blocks.set(result.view().blocks().size());
        incomplete.set(result.incomplete());
        partial.set(result.view().partial().size());
        invisible.set(result.invisible());
        lastSuccessMillis.set(System.currentTimeMillis());
        List<SiteFreshness> sites = result.sites().stream().limit(SITES_MAX).toList();
        dataUntil.register(rows(sites, site -> site.dataUntilMillis() / MILLIS), true);
        lastContact.register(rows(sites, site -> site.lastContactMillis() / MILLIS), true);
        siteBlocks.register(rows(sites, SiteFreshness::blocks), true);
        siteGaps.register(rows(sites, SiteFreshness::gaps), true);
    }

    void failed() {
        failures.increment();
    }

    private interface Value {
        double of(SiteFreshness site);
    }

    private static List<MultiGauge.Row<?>> rows(List<SiteFreshness> sites, Value value) {
        List<MultiGauge.Row<?>> rows = new java.util.ArrayList<>();
        for (SiteFreshness site : sites) {
            rows.add(MultiGauge.Row.of(Tags.of("site", site.site()), value.of(site)));
        }
        return rows;
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String description, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
    }

    private static MultiGauge perSite(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }
}
