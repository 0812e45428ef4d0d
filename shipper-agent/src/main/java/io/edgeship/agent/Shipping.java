package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Ships whenever something is ready: the work of the ship thread. [#stop] may be called by any thread.
final class Shipping implements Runnable {
    private static final Log LOG = Log.of(Shipping.class);

    /// A bucket whose credentials do not allow to find out is not asked for ever.
    private static final int PROBES_MAX = 3;

    /// How often a wait is looked up from.
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final ShipLoop loop;
    private final Bucket bucket;
    private final Optional<String> probePrefix;
    private final Health health;
    private final Duration idle;
    private final Wake wake;
    private final AfterRound afterRound;
    private final Pause pause;
    private int probes;
    private volatile boolean nudged;
    private volatile boolean stopping;

    /// What may end a wait early.
    interface Wake {
        /// Whether the link came back.
        boolean linkIsBack();

        /// Whether a window has opened or a budget has begun anew.
        boolean linkIsOpen();

        /// Takes over changed credentials. Called before each round too.
        ///
        /// @return whether there were some
        boolean reload();
    }

    /// How time passes while the ship thread waits.
    interface Pause {
        /// The thread's own waiting, which ends when it is unparked.
        Pause SYSTEM = new Pause() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void park(Object blocker, long nanos) {
                LockSupport.parkNanos(blocker, nanos);
            }
        };

        long nanoTime();

        /// Waits so long at most.
        void park(Object blocker, long nanos);
    }

    /// Tells how things are.
    interface AfterRound {
        void run() throws IOException;
    }

    /// @param probePrefix keys below it may be written to find out what the store can do; empty where nobody asks
    /// @param idle        how long to rest with nothing to ship, if nobody unparks the thread
    Shipping(
            ShipLoop loop,
            Bucket bucket,
            Optional<String> probePrefix,
            Health health,
            Duration idle,
            Wake wake,
            AfterRound afterRound,
            Pause pause) {
        this.loop = loop;
        this.bucket = bucket;
        this.probePrefix = probePrefix;
        this.health = health;
        this.idle = idle;
        this.wake = wake;
        this.afterRound = afterRound;
        this.pause = pause;
    }

    @Override
    public void run() {
        while (!stopping) {
            Rest rest = new Rest(Rest.Until.LATER, idle, Optional.empty(), 0);
            try {
                rest = once();
            } catch (IOException | RuntimeException e) {
                LOG.error("shipping stopped, trying again after a while", e);
                health.problem("spool", String.valueOf(e.getMessage()));
            }
            rest(rest);
        }
    }

    /// Ships what is ready, and says in `/-/ready` how the bucket fares.
    Rest once() throws IOException {
        wake.reload();
        probe();
        Rest rest = loop.run();
        afterRound.run();
        health.ok("spool");
        if (rest.problem().isPresent() && rest.until() != Rest.Until.OPEN) {
            health.problem("bucket", bucket.location() + ": " + rest.problem().get() + "; blocks wait in the spool");
        } else {
            health.ok("bucket");
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

    /// Waits, and looks up once a second for what ends the wait.
    void rest(Rest rest) {
        boolean isIdle = rest.until() == Rest.Until.NEWS;
        long longest = (isIdle ? idle : rest.pause()).toNanos();
        long end = pause.nanoTime() + longest;
        // A link that is open and holds back all the same, for its count cannot be kept, is asked once a second.
        boolean mayEnd = rest.until() != Rest.Until.OPEN;
        for (long left = longest; left > 0 && !stopping; left = end - pause.nanoTime()) {
            if (mayEnd && endsEarly(rest.until())) {
                return;
            }
            pause.park(this, isIdle ? left : Math.min(left, GLANCE.toNanos()));
            mayEnd = true;
        }
    }

    private boolean endsEarly(Rest.Until until) {
        return switch (until) {
            case LINK_UP -> wake.reload() || wake.linkIsBack();
            case OPEN -> wake.linkIsOpen();
            case LATER -> wake.reload();
            case NEWS, SETTLED, ANSWERED -> {
                boolean news = nudged;
                nudged = false;
                yield news;
            }
        };
    }

    /// The spool may hold something new. The thread has to be unparked after it.
    void nudge() {
        nudged = true;
    }

    /// Lets the block that is under way go on, and begins no other. The thread has to be unparked after it.
    void stop() {
        stopping = true;
        loop.stop();
    }
}
