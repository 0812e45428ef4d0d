package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.queue.Item;
import io.edgeship.queue.Spool;
import io.edgeship.queue.quota.SpoolLimits;
import io.edgeship.queue.quota.SpoolUse;
import io.edgeship.ship.Source;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.rewrite.RewriteMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Meters hold what they read weakly: where nobody else does, a gauge is NaN and a counter stands still from the first
/// garbage collection on, and the alerts on a full spool and on losses say nothing any more.
class HeldMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong bytes = new AtomicLong(100);

    @Test
    void theSpoolsMetersGoOnAfterAGarbageCollection() {
        SpoolMetrics.register(registry, new ArrayList<>(List.of(new CountedSource(bytes))));
        collectGarbage();
        bytes.set(200);
        assertThat(registry.get("edgeship.queue.own.bytes").gauge().value()).isEqualTo(200);
        assertThat(registry.get("edgeship.queue.free.bytes").gauge().value()).isEqualTo(200);
        assertThat(registry.get("edgeship.queue.limit.bytes").gauge().value()).isEqualTo(200);
        assertThat(registry.get("edgeship.queue.evicted.items")
                        .functionCounter()
                        .count())
                .isEqualTo(200);
        assertThat(registry.get("edgeship.queue.thinned.items")
                        .functionCounter()
                        .count())
                .isEqualTo(200);
    }

    @Test
    void soDoTheOthers() {
        LogMetrics.register(registry, new ArrayList<>());
        RewriteMetrics.register(registry, new RewriteMeter());
        PackMetrics.register(registry, new PackMeter());
        collectGarbage();
        assertThat(registry.getMeters().stream()
                        .flatMap(meter -> registry.find(meter.getId().getName()).gauges().stream()))
                .hasSize(4)
                .allSatisfy(gauge ->
                        assertThat(gauge.value()).as("%s", gauge.getId()).isZero());
    }

    /// Until something that only a weak reference has is gone.
    private static void collectGarbage() {
        WeakReference<Object> weak = new WeakReference<>(new Object());
        while (weak.get() != null) {
            System.gc();
        }
    }

    /// Everything that is counted of it is one number.
    private record CountedSource(AtomicLong number) implements Source {
        @Override
        public SpoolUse spoolUse() {
            return new SpoolUse(number.get(), 0, number.get());
        }

        @Override
        public SpoolLimits spoolLimits() {
            return new SpoolLimits(number.get(), 0, SpoolLimits.NONE.onFull());
        }

        @Override
        public long evictedItems() {
            return number.get();
        }

        @Override
        public long thinnedItems() {
            return number.get();
        }

        @Override
        public Path path() {
            throw notAsked();
        }

        @Override
        public int priority() {
            throw notAsked();
        }

        @Override
        public Spool spool() {
            throw notAsked();
        }

        @Override
        public List<String> scan() {
            throw notAsked();
        }

        @Override
        public Optional<String> strange() {
            throw notAsked();
        }

        @Override
        public Optional<String> stopped() {
            throw notAsked();
        }

        @Override
        public Optional<BlockId> sending() {
            throw notAsked();
        }

        @Override
        public void sending(Optional<BlockId> id) {
            throw notAsked();
        }

        @Override
        public Loss lossOf(Item item, Loss.Reason why, String detail) {
            throw notAsked();
        }

        @Override
        public Optional<String> full() {
            throw notAsked();
        }

        @Override
        public void close() {}

        private static UnsupportedOperationException notAsked() {
            return new UnsupportedOperationException("nobody counts this");
        }
    }
}
