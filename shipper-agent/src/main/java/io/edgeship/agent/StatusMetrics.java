package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.runtime.http.Health;
import io.edgeship.ship.SiteReports;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Metrics of what the status page says beyond [AgentMetrics] and [LinkMetrics].
final class StatusMetrics {
    private final MeterRegistry registry;

    private StatusMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    static void register(
            MeterRegistry registry,
            LiveStatus status,
            ItemProgress progress,
            Health health,
            Bucket bucket,
            LinkGovernor governor,
            SiteReports reports) {
        StatusMetrics metrics = new StatusMetrics(registry);
        metrics.gauge("edgeship.ready", "1 while /-/ready says so.", () -> health.ready() ? 1 : 0);
        metrics.gauge("edgeship.queue.left.bytes", "Of the backlog, bytes that the bucket has not confirmed.", () ->
                (double) status.estimate().leftBytes());
        metrics.time(
                "edgeship.queue.estimated.done.timestamp.seconds",
                "When the backlog will be there by the link's rate, windows, budget and speed; NaN where nothing waits or "
                        + "nobody can tell.",
                () -> status.estimate().doneAt());
        metrics.gauge(
                "edgeship.ship.transport.notes",
                "Remarks of the status page on what the transport cannot do.",
                () -> status.notes().size());
        metrics.gauge(
                "edgeship.ship.current.block.bytes",
                "Of the block on its way, or sent last.",
                () -> progress.current().map(one -> (double) one.totalBytes()).orElse(Double.NaN));
        metrics.gauge(
                "edgeship.ship.current.block.sent.bytes",
                "Of these, what the bucket confirmed.",
                () -> progress.current().map(one -> (double) one.sentBytes()).orElse(Double.NaN));
        metrics.time(
                "edgeship.ship.heartbeat.timestamp.seconds",
                "When the bucket took the last heartbeat, by the store's clock; NaN before the first.",
                reports::lastHeartbeat);
        metrics.time(
                "edgeship.link.last.contact.timestamp.seconds",
                "When the store answered last, by its own clock; NaN before the first reply.",
                () -> bucket.clock().lastReply());
        metrics.gauge(
                "edgeship.link.seen.bytes.per.second",
                "What the link carried of late; NaN before anything of size went out.",
                () -> governor.seenBytesPerSecond().map(speed -> (double) speed).orElse(Double.NaN));
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private void time(String name, String description, Supplier<Optional<Instant>> time) {
        gauge(
                name,
                description,
                () -> time.get().map(at -> at.toEpochMilli() / 1000.0).orElse(Double.NaN));
    }
}
