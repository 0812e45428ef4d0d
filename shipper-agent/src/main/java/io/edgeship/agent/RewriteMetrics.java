package io.edgeship.agent;

import io.edgeship.ship.rewrite.RewriteMeter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/// What writing blocks anew costs; each metric is described in `docs/reference/agent.md`.
final class RewriteMetrics {
    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private RewriteMetrics() {}

    static void register(MeterRegistry registry, RewriteMeter meter) {
        FunctionCounter.builder("edgeship.seal.rewrites", meter, RewriteMeter::rewrites)
                .description("Blocks written anew.")
                .register(registry);
        FunctionCounter.builder("edgeship.seal.rewrite.failures", meter, RewriteMeter::failures)
                .description("Tries that failed.")
                .register(registry);
        FunctionCounter.builder("edgeship.seal.rewrite.seconds", meter, one -> one.nanos() / NANOS)
                .description("How long the child processes worked.")
                .register(registry);
        Gauge.builder("edgeship.seal.rewrite.peak.bytes", meter::peakBytes)
                .description("The largest resident memory that a child process had.")
                .register(registry);
    }
}
