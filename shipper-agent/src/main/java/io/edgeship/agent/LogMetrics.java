package io.edgeship.agent;

import io.edgeship.ship.loki.LokiSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToLongFunction;

/// What only sources of type `loki` have; each is described in `docs/reference/agent.md`. The list is held as
/// [SpoolMetrics] holds its own.
final class LogMetrics {
    private LogMetrics() {}

    static void register(MeterRegistry registry, List<LokiSource> sources) {
        FunctionCounter.builder("edgeship.ship.dropped.chunks", registry, _ -> sum(sources, LokiSource::droppedChunks))
                .description("Log chunks that were left at the site because a rule drops their stream.")
                .register(registry);
        FunctionCounter.builder(
                        "edgeship.ship.rewritten.chunks", registry, _ -> sum(sources, LokiSource::rewrittenChunks))
                .description("Log chunks that stand for ones shipped before, less what a delete request took out.")
                .register(registry);
        Gauge.builder("edgeship.ship.delete.requests", () -> sum(sources, LokiSource::deleteRequests))
                .description("Delete requests of the site's Lokis that the centre is told of.")
                .register(registry);
        Gauge.builder("edgeship.ship.unwhole.chunks", () -> sum(sources, LokiSource::unwholeChunks))
                .description("Files in the chunk root that were no whole chunk at the last scan.")
                .register(registry);
    }

    private static double sum(List<LokiSource> sources, ToLongFunction<LokiSource> value) {
        return (double) sources.stream().mapToLong(value).sum();
    }
}
