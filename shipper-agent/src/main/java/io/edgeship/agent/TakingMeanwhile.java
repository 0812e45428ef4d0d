package io.edgeship.agent;

import io.edgeship.runtime.log.Log;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.child.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Writing a large block anew, or packing it, takes long on a small box: what Prometheus finishes meanwhile is linked
/// all the same, as
/// often as ever. Used by the scanning thread.
final class TakingMeanwhile implements ChildProcess.Meanwhile {
    private static final Log LOG = Log.of(TakingMeanwhile.class);

    private final List<PrometheusSource> sources;
    private final Duration interval;
    private long lastNanos = System.nanoTime();

    TakingMeanwhile(List<PrometheusSource> sources, Duration interval) {
        this.sources = List.copyOf(sources);
        this.interval = interval;
    }

    @Override
    public void run() {
        if (System.nanoTime() - lastNanos < interval.toNanos()) {
            return;
        }
        for (PrometheusSource source : sources) {
            try {
                source.takeNew();
            } catch (IOException e) { // the next scan says so in /-/ready
                LOG.warn(
                        "blocks not looked for while another is worked on",
                        e,
                        "source",
                        source.config().path());
            }
        }
        lastNanos = System.nanoTime();
    }
}
