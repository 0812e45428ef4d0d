package io.edgeship.compact;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The compactor's metrics; each is described in `docs/reference/compactor.md`. Thread-safe.
final class CompactorMetrics {
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
    private final SiteMetrics sites;
    private final IntakeMetrics intake;
    private final LogsMetrics logs;
    private final RoundMetrics round;
    private final AtomicLong lastSuccessMillis = new AtomicLong();

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
        sites = new SiteMetrics(registry);
        Gauge.builder("edgeship.compact.last.success.timestamp.seconds", this::lastSuccessSeconds)
                .description("When a cycle last finished; 0 before the first.")
                .register(registry);
        intake = new IntakeMetrics(registry, "edgeship.intake.");
        logs = new LogsMetrics(registry);
        round = new RoundMetrics(registry);
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
        sites.seen(result.sites());
        lastSuccessMillis.set(System.currentTimeMillis());
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

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
        return value;
    }
}
