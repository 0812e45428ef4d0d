package io.edgeship.agent;

import io.edgeship.ship.pack.PackMeter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/// What packing blocks costs and gains; each metric is described in `docs/reference/agent.md`.
final class PackMetrics {
    private static final double NANOS = Duration.ofSeconds(1).toNanos();

    private PackMetrics() {}

    static void register(MeterRegistry registry, PackMeter meter) {
        FunctionCounter.builder("edgeship.pack.blocks", meter, PackMeter::packs)
                .description("Blocks packed.")
                .register(registry);
        FunctionCounter.builder("edgeship.pack.raw.bytes", meter, PackMeter::rawBytes)
                .description("Their files' bytes.")
                .register(registry);
        FunctionCounter.builder("edgeship.pack.packed.bytes", meter, PackMeter::packedBytes)
                .description("Their packs' bytes.")
                .register(registry);
        FunctionCounter.builder("edgeship.pack.failures", meter, PackMeter::failures)
                .description("Blocks that could not be packed; they are sent as their files.")
                .register(registry);
        FunctionCounter.builder("edgeship.pack.seconds", meter, one -> one.nanos() / NANOS)
                .description("How long the child processes packed and unpacked.")
                .register(registry);
        Gauge.builder("edgeship.pack.peak.bytes", meter::peakBytes)
                .description("The largest resident memory that such a child process had.")
                .register(registry);
    }
}
