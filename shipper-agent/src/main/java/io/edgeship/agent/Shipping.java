package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipLoop;
import java.io.IOException;
import java.util.Optional;

/// Ships whenever something is ready: the work of the ship thread. [#stop] may be called by any thread.
final class Shipping implements Runnable {
    private static final Log LOG = Log.of(Shipping.class);

    /// A bucket whose credentials do not allow to find out is not asked for ever.
    private static final int PROBES_MAX = 3;

    private final ShipLoop loop;
    private final Bucket bucket;
    private final Optional<String> probePrefix;
    private final Health health;
    private final String name;
    private final Resting.Wake wake;
    private final Resting resting;
    private final AfterRound afterRound;
    private int probes;
    private volatile boolean stopping;

    /// Tells how things are.
    interface AfterRound {
        void run() throws IOException;
    }

    /// @param probePrefix keys below it may be written to find out what the store can do; empty where nobody asks
    /// @param name        begins the names of its problems; empty where there is no other
    /// @param resting     what the thread does between two rounds
    Shipping(
            ShipLoop loop,
            Bucket bucket,
            Optional<String> probePrefix,
            Health health,
            String name,
            Resting.Wake wake,
            Resting resting,
            AfterRound afterRound) {
        this.loop = loop;
        this.bucket = bucket;
        this.probePrefix = probePrefix;
        this.health = health;
        this.name = name;
        this.wake = wake;
        this.resting = resting;
        this.afterRound = afterRound;
    }

    @Override
    public void run() {
        while (!stopping) {
            Rest rest = new Rest(Rest.Until.LATER, resting.idle(), Optional.empty(), 0);
            try {
                rest = once();
            } catch (IOException | RuntimeException e) {
                LOG.error("shipping stopped, trying again after a while", e);
                health.problem(name + "spool", String.valueOf(e.getMessage()));
            }
            resting.rest(rest);
        }
    }

    /// Ships what is ready, and says in `/-/ready` how the bucket fares.
    Rest once() throws IOException {
        wake.reload();
        probe();
        Rest rest = loop.run();
        afterRound.run();
        health.ok(name + "spool");
        if (rest.problem().isPresent() && rest.until() != Rest.Until.OPEN) {
            health.problem(
                    name + "bucket", bucket.location() + ": " + rest.problem().get() + "; blocks wait in the spool");
        } else {
            health.ok(name + "bucket");
        }
        return rest;
    }

    /// Nothing depends on it: with what stays unknown the shipping gets by.
    private void probe() {
        boolean known = bucket.capabilities().conditionalPut() != Capabilities.Support.UNKNOWN;
        boolean mayAsk = bucket.clock().now().isPresent() && wake.linkIsOpen();
        if (known || probePrefix.isEmpty() || probes == PROBES_MAX || !mayAsk) {
            return; // a closed link is no answer, and before the store told the time one request goes, and no six
        }
        probes++;
        Capabilities found = CapabilityProbe.probe(bucket, probePrefix.get());
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

    /// Lets the block that is under way go on, and begins no other. The thread has to be unparked after it.
    void stop() {
        stopping = true;
        resting.stop();
        loop.stop();
    }
}
