package io.edgeship.compact;

import io.edgeship.fleet.SiteFreshness;
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

/// The compactor's metrics; each is described in `docs/reference/compactor.md`. Thread-safe.
final class CompactorMetrics {
    /// A bucket with more sites than this is better asked through the bucket index.
    private static final int SITES_MAX = 10_000;

    private static final double MILLIS = 1000;

    private final MeterRegistry registry;
    private final Counter cycles;
    private final Counter failures;
    private final Counter thanosCycles;
    private final Counter uploadsCleaned;
    private final Counter markedCleaned;
    private final Counter cleanFailures;
    private final AtomicLong blocks;
    private final AtomicLong incomplete;
    private final AtomicLong unexpected;
    private final AtomicLong partial;
    private final AtomicLong held;
    private final AtomicLong young;
    private final AtomicLong sites;
    private final IntakeMetrics intake;
    private final LogsMetrics logs;
    private final RoundMetrics round;
    private final AtomicLong lastSuccessMillis = new AtomicLong();
    private final Map<MultiGauge, ToDoubleFunction<SiteFreshness>> perSite;

    CompactorMetrics(MeterRegistry registry) {
        this.registry = registry;
        cycles = counter("edgeship.compact.cycles", "Cycles that finished.");
        failures = counter("edgeship.compact.cycle.failures", "Cycles that could not finish.");
        thanosCycles = counter("thanos.compact.iterations", "As edgeship_compact_cycles_total.");
        uploadsCleaned = counter("edgeship.compact.partial.cleaned", "Abandoned uploads that were removed.");
        markedCleaned = counter("thanos.compact.blocks.cleaned", "Blocks removed after their deletion mark's delay.");
        cleanFailures = counter("edgeship.compact.clean.failures", "Blocks that could not be removed.");
        blocks = gauge("edgeship.compact.blocks", "Committed blocks in the bucket.");
        incomplete = gauge("edgeship.compact.incomplete.blocks", "Blocks that lack a file.");
        unexpected = gauge("edgeship.compact.unexpected.files.blocks", "Blocks with stray files under chunks/.");
        partial = gauge("edgeship.compact.partial.blocks", "Blocks without a meta.json that can be used.");
        held = gauge("edgeship.compact.held.blocks", "Partial blocks that are never removed: look at them.");
        young = gauge("edgeship.compact.young.blocks", "Blocks within the consistency delay.");
        sites = gauge("edgeship.fleet.sites", "Sites that have a block, a heartbeat or a loss record.");
        Gauge.builder("edgeship.compact.last.success.timestamp.seconds", this::lastSuccessSeconds)
                .description("When a cycle last finished; 0 before the first.")
                .register(registry);
        intake = new IntakeMetrics(registry, "edgeship.intake.");
        logs = new LogsMetrics(registry);
        round = new RoundMetrics(registry);
        perSite = perSite();
    }

    void finished(Cycle.Result result) {
        cycles.increment();
        thanosCycles.increment();
        uploadsCleaned.increment(result.cleaned().uploads().size());
        markedCleaned.increment(result.cleaned().marked().size());
        cleanFailures.increment(result.cleaned().failures());
        intake.finished(result.taken());
        logs.finished(result.logs());
        round.finished(result.upkeep());
        blocks.set(result.view().blocks().size());
        incomplete.set(result.incomplete());
        unexpected.set(result.withUnexpectedFiles());
        partial.set(result.view().partial().size());
        held.set(result.held());
        young.set(result.young());
        sites.set(result.sites().size());
        lastSuccessMillis.set(System.currentTimeMillis());
        List<SiteFreshness> shown = result.sites().stream().limit(SITES_MAX).toList();
        perSite.forEach((gauge, value) -> gauge.register(rows(shown, value), true));
    }

    /// @param capabilities `yes`, `no` or `unknown` by name
    void probed(Map<String, String> capabilities) {
        capabilities.forEach((capability, support) -> Gauge.builder("edgeship.compact.store.capability", () -> 1)
                .description("Always 1; the labels say what the store was found to support at start.")
                .tags("capability", capability, "support", support)
                .register(registry));
    }

    void failed() {
        failures.increment();
    }

    private double lastSuccessSeconds() {
        return lastSuccessMillis.get() / MILLIS;
    }

    private static List<MultiGauge.Row<?>> rows(List<SiteFreshness> sites, ToDoubleFunction<SiteFreshness> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (SiteFreshness site : sites) {
            rows.add(MultiGauge.Row.of(Tags.of("site", site.site()), value.applyAsDouble(site)));
        }
        return rows;
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
        return value;
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
