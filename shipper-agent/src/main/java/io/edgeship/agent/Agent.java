package io.edgeship.agent;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.ReloadingBucket;
import io.edgeship.queue.Spool;
import io.edgeship.queue.link.LinkGovernor;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.Rest;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.pack.PackChild;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import io.edgeship.ship.rewrite.RewriteChild;
import io.edgeship.ship.rewrite.RewriteMeter;
import io.edgeship.ship.rewrite.Rewriter;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// The agent at work: one thread scans the sources, one ships. Closed by the thread that opened it.
final class Agent implements AutoCloseable {
    private static final Log LOG = Log.of(Agent.class);

    /// After the grace time a request that hangs is torn down; then its thread has so long to notice.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final AgentConfig config;
    private final Sources opened;
    private final List<PrometheusSource> sources;
    private final KeptTime keptTime;
    private final SkewWatch skew = new SkewWatch();
    private final AgentLink link;
    private final ReloadingBucket bucket;
    private final Lanes lanes;
    private final ShipLoop loop;
    private final Scanning scanning;
    private final Resting resting;
    private final Shipping shipping;
    private final LiveStatus status;
    private final OpsServer server;

    private Agent(
            AgentConfig config,
            Sources opened,
            KeptTime keptTime,
            AgentLink link,
            ReloadingBucket bucket,
            Metrics registry,
            UploadProgress told)
            throws IOException, ConfigException {
        this.config = config;
        this.opened = opened;
        this.keptTime = keptTime;
        sources = opened.usable();
        this.link = link;
        this.bucket = bucket;
        Health health = new Health();
        opened.unusable().forEach(one -> health.problem("source " + one.source().path(), one.why() + "; tried again"));
        AgentMetrics metrics = new AgentMetrics(registry.registry(), this.sources, bucket);
        LinkMetrics.register(registry.registry(), link.governor());
        SpoolMetrics.register(registry.registry(), sources);
        ItemProgress progress = new ItemProgress(config.transport(), told);
        Confirmations confirmations = new Confirmations(progress);
        SiteReports reports = new SiteReports(config.site(), bucket);
        lanes = Lanes.of(config, sources, bucket, link.governor()::sentBytes, confirmations);
        loop = new ShipLoop(
                lanes.all(),
                new ShipLoop.Tools(
                        bucket,
                        link,
                        config.order(),
                        metrics,
                        reports,
                        confirmations,
                        InstantSource.system(),
                        RandomGenerator.getDefault()));
        scanning = new Scanning(this.sources, health, metrics);
        RewriteMeter rewrites = new RewriteMeter();
        RewriteMetrics.register(registry.registry(), rewrites);
        TakingMeanwhile meanwhile = new TakingMeanwhile(this.sources, config.scanInterval());
        Rewriter rewriter = new RewriteChild(config.rewrite(), rewrites, meanwhile);
        PackMeter packs = new PackMeter();
        PackMetrics.register(registry.registry(), packs);
        Packer packer = new PackChild(config.rewrite().heapBytes(), packs, meanwhile);
        boolean centreMergesLate = config.centre() == AgentConfig.Centre.EDGESHIP;
        for (PrometheusSource source : sources) {
            source.sealWith(rewriter, centreMergesLate);
            source.packWith(packer, config.packs(), config.order(), packs);
            source.keepWithin(config.spool().limits(source.spool().dir()), rewriter);
        }
        LinkWake wake = new LinkWake(bucket, link.governor());
        resting = new Resting(config.scanInterval(), wake, Resting.Pause.SYSTEM);
        shipping = new Shipping(loop, bucket, probePrefix(), health, wake, resting, () -> tell(health, metrics));
        status = new LiveStatus(config, lanes.all(), link.governor(), bucket, health, progress);
        StatusMetrics.register(registry.registry(), status, progress, health, bucket, link.governor(), reports);
        server = OpsServer.start(config.http(), registry, health);
        status.addTo(server);
    }

    /// The inbox needs no more than that objects can be put.
    private Optional<String> probePrefix() {
        String spool = sources.getFirst().spool().incarnation();
        return config.transport().isThroughInbox()
                ? Optional.empty()
                : Optional.of(BucketLayout.SITES + config.site() + "/" + spool);
    }

    /// What the ship thread knows after a round.
    private void tell(Health health, AgentMetrics metrics) throws IOException {
        metrics.shipping(loop.awaited(), lanes.sizing().next());
        skew.look(bucket.clock().skew());
        keptTime.daily();
        tell(health, "objstore", bucket.reloadProblem());
        tell(
                health,
                "transport",
                lanes.all().stream()
                        .flatMap(lane -> lane.transport().cannotFinish().stream())
                        .findFirst());
    }

    private static void tell(Health health, String check, Optional<String> problem) {
        problem.ifPresentOrElse(reason -> health.problem(check, reason), () -> health.ok(check));
    }

    /// @param told is told how far each block got
    static Agent open(AgentConfig config, UploadProgress told) throws IOException, ConfigException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            StoreClock clock = StoreClock.system();
            Sources sources = Sources.open(config, clock::bestTime);
            opened.add(sources);
            sources.usable().forEach(source -> source.noticeFuture(config.future(), clock));
            List<Spool> spools =
                    sources.usable().stream().map(PrometheusSource::spool).toList();
            KeptTime keptTime = new KeptTime(spools, clock.certificates());
            keptTime.recall();
            Metrics registry = new Metrics();
            AgentLink link = new AgentLink(
                    config.link(),
                    new LinkGovernor(config.link(), config.site(), clock::now, AgentLink.countIn(spools)));
            opened.add(link.governor());
            ReloadingBucket bucket =
                    ReloadingBucket.open(config.objstore(), registry.registry(), link.governor(), clock);
            opened.add(bucket);
            return new Agent(config, sources, keptTime, link, bucket, registry, told);
        } catch (IOException | ConfigException | RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    private static void closeAll(List<AutoCloseable> opened, Exception reason) {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                reason.addSuppressed(e);
            }
        }
    }

    /// Ships all there is, going on over a link that is cut while something gets through.
    ///
    /// @param wait how long to go on whatever happens, and to wait for the centre's receipts
    /// @return whether nothing is left, no receipt either
    boolean once(Duration wait) throws IOException, InterruptedException {
        Rest rest = new SingleRun(this::round, resting, System::nanoTime).run(wait);
        boolean left =
                !scan() || rest.problem().isPresent() || !opened.unusable().isEmpty();
        for (PrometheusSource source : sources) {
            left |= !source.spool().ready().isEmpty();
            left |= !source.spool().incoming().isEmpty();
            left |= !source.held().isEmpty();
        }
        return !left;
    }

    private boolean scan() {
        boolean whole = scanning.run();
        status.tick();
        return whole;
    }

    /// A merged block may have taken the place of one that settles.
    private Rest round() throws IOException {
        scan();
        loop.expectReceipts();
        return shipping.once();
    }

    /// Works until the calling thread is interrupted, or a source is back that could not be opened: then the agent is
    /// to be opened anew, with it. Lets the block under way go on for the grace time.
    void forever() throws IOException, InterruptedException {
        Thread shipper = Thread.ofPlatform().name("ship").start(shipping);
        try (DirectoryNudge nudge = DirectoryNudge.of(config.sources())) {
            do {
                scan();
                resting.nudge();
                LockSupport.unpark(shipper);
                nudge.await(config.scanInterval());
            } while (!opened.oneIsBack());
        } finally {
            shipping.stop();
            LockSupport.unpark(shipper);
            if (!shipper.join(config.shutdownGrace())) {
                LOG.info("block under way is cut off, the next start goes on where it is");
                bucket.close();
                shipper.interrupt();
                shipper.join(LAST_WORDS);
            }
        }
    }

    /// Lets go of the sources: their files list what the bucket confirmed.
    void release() throws IOException {
        for (PrometheusSource source : sources) {
            source.release();
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() throws IOException {
        server.close();
        bucket.close();
        link.governor().close(); // its count lies in the sources' spools
        keptTime.last();
        opened.close();
    }
}
