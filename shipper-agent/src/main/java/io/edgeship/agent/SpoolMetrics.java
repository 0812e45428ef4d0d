package io.edgeship.agent;

import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.ship.Source;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToLongFunction;

/// What the spools cost and what had to give way; each is described in `docs/reference/agent.md`.
///
/// A meter holds the object that it reads weakly, and nobody else may hold the list: so the functions do, and counters
/// are told of the registry, which lives as long as somebody reads it.
final class SpoolMetrics {
    private SpoolMetrics() {}

    static void register(MeterRegistry registry, List<Source> sources) {
        FunctionCounter.builder("edgeship.queue.evicted.items", registry, _ -> sum(sources, Source::evictedItems))
                .description("Items deleted because the spool was full, each with a loss record.")
                .register(registry);
        FunctionCounter.builder("edgeship.queue.thinned.items", registry, _ -> sum(sources, Source::thinnedItems))
                .description("Raw items replaced by their 5-minute block because the spool was full.")
                .register(registry);
        Gauge.builder(
                        "edgeship.queue.own.bytes",
                        () -> sum(sources, one -> one.spoolUse().ownBytes()))
                .description("Bytes that nobody but the spool holds.")
                .register(registry);
        Gauge.builder("edgeship.queue.limit.bytes", () -> limit(sources))
                .description("What each spool may hold; NaN without a limit.")
                .register(registry);
        Gauge.builder("edgeship.queue.free.bytes", () -> free(sources))
                .description("Free on the spools' disk, after the last scan; of several disks the fullest.")
                .register(registry);
    }

    private static double sum(List<Source> sources, ToLongFunction<Source> value) {
        return (double) sources.stream().mapToLong(value).sum();
    }

    private static double limit(List<Source> sources) {
        return sources.stream()
                .map(Source::spoolLimits)
                .mapToLong(SpoolLimits::maxBytes)
                .filter(bytes -> bytes > 0)
                .asDoubleStream()
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double free(List<Source> sources) {
        return sources.stream()
                .mapToLong(source -> source.spoolUse().freeBytes())
                .asDoubleStream()
                .min()
                .orElse(Double.NaN);
    }
}
