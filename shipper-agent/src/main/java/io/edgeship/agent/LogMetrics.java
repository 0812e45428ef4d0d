package io.edgeship.agent;

import io.edgeship.ship.loki.LokiSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// What only sources of type `loki` have; each is described in `docs/reference/agent.md`.
final class LogMetrics {
    private LogMetrics() {}

    static void register(MeterRegistry registry, List<LokiSource> sources) {
        FunctionCounter.builder("edgeship.ship.dropped.chunks", sources, all -> (double)
                        all.stream().mapToLong(LokiSource::droppedChunks).sum())
                .description("Log chunks that were left at the site because a rule drops their stream.")
                .register(registry);
        FunctionCounter.builder("edgeship.ship.rewritten.chunks", sources, all -> (double)
                        all.stream().mapToLong(LokiSource::rewrittenChunks).sum())
                .description("Log chunks that stand for ones shipped before, less what a delete request took out.")
                .register(registry);
        Gauge.builder("edgeship.ship.delete.requests", sources, all -> (double)
                        all.stream().mapToLong(LokiSource::deleteRequests).sum())
                .description("Delete requests of the site's Lokis that the centre is told of.")
                .register(registry);
        Gauge.builder("edgeship.ship.unwhole.chunks", sources, all -> (double)
                        all.stream().mapToLong(LokiSource::unwholeChunks).sum())
                .description("Files in the chunk root that were no whole chunk at the last scan.")
                .register(registry);
    }
}
