package io.edgeship.runtime.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// This process's metrics. Thread-safe.
public final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public Metrics() {
        Gauge.builder("edgeship.build.info", () -> 1)
                .description("Always 1; the labels say which build this is.")
                .tag("version", version())
                .register(registry);
    }

    /// Where meters are registered; a meter `edgeship.queue.items` is scraped as `edgeship_queue_items`.
    public MeterRegistry registry() {
        return registry;
    }

    /// Everything in Prometheus' text format.
    public String scrape() {
        return registry.scrape();
    }

    /// The version of the running build, or `dev` where the classes do not come from a jar.
    public static String version() {
        String version = Metrics.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
