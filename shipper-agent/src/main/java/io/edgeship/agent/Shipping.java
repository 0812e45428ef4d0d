package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.ShipLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Ships whenever something is ready: the work of the ship thread. [#stop] may be called by any thread.
final class Shipping implements Runnable {
    private static final Log LOG = Log.of(Shipping.class);

    /// A bucket whose credentials do not allow to find out is not asked for ever.
    private static final int PROBES_MAX = 3;

    private final ShipLoop loop;
    private final Bucket bucket;
    private final String probePrefix;
    private final Health health;
    private final Duration idle;
    private int probes;
    private volatile boolean stopping;

    /// @param probePrefix keys below it may be written to find out what the store can do
    /// @param idle        how long to rest with nothing to ship, if nobody unparks the thread
    Shipping(ShipLoop loop, Bucket bucket, String probePrefix, Health health, Duration idle) {
        this.loop = loop;
        this.bucket = bucket;
        this.probePrefix = probePrefix;
        this.health = health;
        this.idle = idle;
    }

    @Override
    public void run() {
        while (!stopping) {
            Duration pause = idle;
            try {
                ShipLoop.Rest rest = once();
                pause = rest.pause().isZero() ? idle : rest.pause();
            } catch (IOException | RuntimeException e) {
                LOG.error("shipping stopped, trying again after a while", e);
                health.problem("spool", String.valueOf(e.getMessage()));
            }
            rest(pause);
        }
    }

    /// Ships what is ready, and says in `/-/ready` how the bucket fares.
    ShipLoop.Rest once() throws IOException {
        probe();
        ShipLoop.Rest rest = loop.run();
        health.ok("spool");
        rest.problem()
                .ifPresentOrElse(
                        problem -> health.problem(
                                "bucket", bucket.location() + ": " + problem + "; blocks wait in the spool"),
                        () -> health.ok("bucket"));
        return rest;
    }

    /// Nothing depends on it: with what stays unknown the shipping gets by.
    private void probe() {
        boolean known = bucket.capabilities().conditionalPut() != Capabilities.Support.UNKNOWN;
        if (known || probes == PROBES_MAX) {
            return;
        }
        probes++;
        Capabilities found = CapabilityProbe.probe(bucket, probePrefix);
        LOG.info(
                "bucket probed",
                "bucket",
                bucket.location(),
                "conditional_put",
                found.conditionalPut(),
                "batch_delete",
                found.batchDelete(),
                "checksums",
                found.checksums());
    }

    private void rest(Duration pause) {
        if (!stopping) {
            LockSupport.parkNanos(this, pause.toNanos());
        }
    }

    /// Lets the block that is under way go on, and begins no other. The thread has to be unparked after it.
    void stop() {
        stopping = true;
        loop.stop();
    }
}
