package io.edgeship.agent;

import io.edgeship.bucket.config.ReloadingBucket;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.Lane;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.SiteReports;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A bucket, and what ships to it: blocks and log chunks have one each by default, and what is wrong with one bucket
/// must not keep the other's items waiting. All share the link. [#awaited] and [#nextPieceBytes] may be called by any
/// thread.
final class Outlet {
    private static final Log LOG = Log.of(Outlet.class);

    /// After the grace time a request that hangs is torn down; then its thread has so long to notice.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final String name;
    private final ReloadingBucket bucket;
    private final Lanes lanes;
    private final SiteReports reports;
    private final ShipLoop loop;
    private final Resting resting;
    private final Shipping shipping;
    private final Health health;
    private final Told told;
    private volatile int awaited;
    private volatile long nextPieceBytes;
    private @Nullable Thread thread;

    /// Is told after each round.
    interface Told {
        void roundIsOver(Outlet outlet) throws IOException;
    }

    /// What is the same for all outlets.
    record Shared(
            AgentConfig config,
            AgentLink link,
            Health health,
            AgentMetrics metrics,
            Confirmations confirmations,
            Told told) {}

    /// @param name        empty, or what tells its problems from those of the others
    /// @param probePrefix as [Shipping] has it
    Outlet(String name, ReloadingBucket bucket, Lanes lanes, Optional<String> probePrefix, Shared shared) {
        this.name = name;
        this.bucket = bucket;
        this.lanes = lanes;
        health = shared.health();
        told = shared.told();
        reports = new SiteReports(shared.config().site(), bucket);
        loop = new ShipLoop(
                lanes.all(),
                new ShipLoop.Tools(
                        bucket,
                        shared.link(),
                        shared.config().order(),
                        shared.metrics(),
                        reports,
                        shared.confirmations(),
                        InstantSource.system(),
                        RandomGenerator.getDefault()));
        LinkWake wake = new LinkWake(bucket, shared.link().governor());
        resting = new Resting(shared.config().scanInterval(), wake, Resting.Pause.SYSTEM);
        shipping = new Shipping(loop, bucket, probePrefix, health, name, wake, resting, this::tell);
    }

    ReloadingBucket bucket() {
        return bucket;
    }

    List<Lane> lanes() {
        return lanes.all();
    }

    SiteReports reports() {
        return reports;
    }

    /// Items that were sent whole and not answered after the last round.
    int awaited() {
        return awaited;
    }

    /// What the next part or piece would have after the last round.
    long nextPieceBytes() {
        return nextPieceBytes;
    }

    private void tell() throws IOException {
        awaited = loop.awaited();
        nextPieceBytes = lanes.sizing().next();
        tell("objstore", bucket.reloadProblem());
        tell(
                "transport",
                lanes.all().stream()
                        .flatMap(lane -> lane.transport().cannotFinish().stream())
                        .findFirst());
        told.roundIsOver(this);
    }

    private void tell(String check, Optional<String> problem) {
        String named = name + check;
        problem.ifPresentOrElse(reason -> health.problem(named, reason), () -> health.ok(named));
    }

    /// Rounds until nothing is left, each after a scan.
    ///
    /// @param wait as [SingleRun#run]
    Rest once(Duration wait, Runnable scan) throws IOException, InterruptedException {
        return new SingleRun(
                        () -> {
                            scan.run(); // a merged block may have taken the place of one that settles
                            loop.expectReceipts();
                            return shipping.once();
                        },
                        resting,
                        System::nanoTime)
                .run(wait);
    }

    /// Ships from a thread of its own from now on.
    void start() {
        thread = Thread.ofPlatform()
                .name(name.isEmpty() ? "ship" : "ship-" + name.strip())
                .start(shipping);
    }

    /// The spool may hold something new.
    void nudge() {
        resting.nudge();
        LockSupport.unpark(thread);
    }

    /// Lets the item under way go on, and begins no other.
    void stop() {
        shipping.stop();
        LockSupport.unpark(thread);
    }

    /// Waits for what is under way, and tears it down when the grace time is over.
    void await(Duration grace) throws InterruptedException {
        Thread running = thread;
        if (running != null && !running.join(grace)) {
            LOG.info("item under way is cut off, the next start goes on where it is");
            bucket.close();
            running.interrupt();
            running.join(LAST_WORDS);
        }
    }
}
