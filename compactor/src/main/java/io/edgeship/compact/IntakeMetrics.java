package io.edgeship.compact;

import io.edgeship.compact.intake.IntakeResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/// The metrics of intake, of blocks or of logs; each is described in `docs/reference/compactor.md`. Thread-safe.
final class IntakeMetrics {
    private final MeterRegistry registry;
    private final String prefix;
    private final Counter accepted;
    private final Counter missing;
    private final Counter rejected;
    private final Counter tooNew;
    private final Counter bytes;
    private final Counter orphans;
    private final Counter failures;
    private final AtomicLong held;
    private final AtomicLong waiting;

    /// @param prefix of their names, with a dot at its end
    IntakeMetrics(MeterRegistry registry, String prefix) {
        this.registry = registry;
        this.prefix = prefix;
        accepted = counter("accepted", "Items whose content is in the bucket.");
        missing = counter("missing", "Items that lacked pieces.");
        rejected = counter("rejected", "Items that broke a rule.");
        tooNew = counter("too.new", "Items of a later version than this build reads.");
        bytes = counter("bytes", "Of pieces that were read.");
        orphans = counter("orphans.removed", "Items without a manifest that were given up.");
        failures = counter("failures", "Items that could not be worked on in a cycle.");
        held = gauge("held.items", "Items that are not answered until a person has looked: see the log.");
        waiting = gauge("waiting.items", "Items in the inbox after the last cycle.");
    }

    void finished(IntakeResult taken) {
        accepted.increment(taken.accepted());
        missing.increment(taken.missing());
        rejected.increment(taken.rejected());
        tooNew.increment(taken.tooNew());
        bytes.increment((double) taken.bytes());
        orphans.increment(taken.orphans());
        failures.increment(taken.failures());
        held.set(taken.held());
        waiting.set(taken.waiting());
    }

    private Counter counter(String name, String description) {
        return Counter.builder(prefix + name).description(description).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(prefix + name, value, AtomicLong::get)
                .description(description)
                .register(registry);
        return value;
    }
}
