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
import io.edgeship.ship.Confirmations;
import io.edgeship.ship.Lane;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.Source;
import io.edgeship.ship.loki.LokiSource;
import io.edgeship.ship.pack.PackChild;
import io.edgeship.ship.pack.PackMeter;
import io.edgeship.ship.pack.Packer;
import io.edgeship.ship.rewrite.RewriteChild;
import io.edgeship.ship.rewrite.RewriteMeter;
import io.edgeship.ship.rewrite.Rewriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The agent at work: one thread scans the sources, one ships to each bucket. Closed by the thread that opened it.
final class Agent implements AutoCloseable {
    private final AgentConfig config;
    private final Sources opened;
    private final KeptTime keptTime;
    private final SkewWatch skew = new SkewWatch();
    private final AgentLink link;
    private final List<ReloadingBucket> buckets;
    private final AgentMetrics metrics;
    private final List<Outlet> outlets = new ArrayList<>();
    private final Scanning scanning;
    private final LiveStatus status;
    private final OpsServer server;

    /// What is opened before the agent is.
    ///
    /// @param blocks the bucket of blocks, and of whatever has none of its own
    /// @param logs   the bucket of log chunks
    private record Parts(
            Sources sources,
            KeptTime keptTime,
            AgentLink link,
            ReloadingBucket blocks,
            Optional<ReloadingBucket> logs,
            Metrics registry) {}

    private Agent(AgentConfig config, Parts parts, UploadProgress told) throws IOException, ConfigException {
        this.config = config;
        opened = parts.sources();
        keptTime = parts.keptTime();
        link = parts.link();
        buckets =
                Stream.concat(Stream.of(parts.blocks()), parts.logs().stream()).toList();
        MeterRegistry registry = parts.registry().registry();
        Health health = new Health();
        opened.unusable().forEach(one -> health.problem("source " + one.path(), one.why() + "; tried again"));
        metrics = new AgentMetrics(registry, opened.all(), parts.blocks());
        LinkMetrics.register(registry, link.governor());
        SpoolMetrics.register(registry, opened.all());
        LogMetrics.register(registry, opened.lokis());
        ItemProgress progress = new ItemProgress(config.transport(), told);
        Confirmations confirmations = new Confirmations(progress);
        addOutlets(parts, new Outlet.Shared(config, link, health, metrics, confirmations, this::tell));
        scanning = new Scanning(opened.all(), health, metrics);
        limit(registry);
        List<Lane> lanes =
                outlets.stream().flatMap(outlet -> outlet.lanes().stream()).toList();
        status = new LiveStatus(config, lanes, link.governor(), parts.blocks(), health, progress);
        SiteReports reports = outlets.getFirst().reports();
        StatusMetrics.register(registry, status, progress, health, parts.blocks(), link.governor(), reports);
        server = OpsServer.start(config.http(), parts.registry(), health);
        status.addTo(server);
    }

    private void addOutlets(Parts parts, Outlet.Shared shared) {
        LongSupplier wire = link.governor()::sentBytes;
        List<PrometheusSource> blocks = opened.usable();
        List<LokiSource> logs = opened.lokis();
        if (!blocks.isEmpty()) {
            Lanes lanes = Lanes.of(config, blocks, parts.blocks(), wire, shared.confirmations());
            outlets.add(new Outlet("", parts.blocks(), lanes, probePrefix(blocks), shared));
        }
        if (!logs.isEmpty()) {
            ReloadingBucket bucket = parts.logs().orElse(parts.blocks());
            Lanes lanes = Lanes.ofLogs(config, logs, bucket, wire, shared.confirmations());
            outlets.add(new Outlet("logs ", bucket, lanes, Optional.empty(), shared));
        }
    }

    /// Keeps the spools within their limits, and has blocks written anew and packed beside this process.
    private void limit(MeterRegistry registry) throws IOException {
        RewriteMeter rewrites = new RewriteMeter();
        RewriteMetrics.register(registry, rewrites);
        TakingMeanwhile meanwhile = new TakingMeanwhile(opened.usable(), config.scanInterval());
        Rewriter rewriter = new RewriteChild(config.rewrite(), rewrites, meanwhile);
        PackMeter packs = new PackMeter();
        PackMetrics.register(registry, packs);
        Packer packer = new PackChild(config.rewrite().heapBytes(), packs, meanwhile);
        boolean centreMergesLate = config.centre() == AgentConfig.Centre.EDGESHIP;
        for (PrometheusSource source : opened.usable()) {
            source.sealWith(rewriter, centreMergesLate);
            source.packWith(packer, config.packs(), config.order(), packs);
            source.keepWithin(config.spool().limits(source.spool().dir()), rewriter);
        }
        for (LokiSource source : opened.lokis()) {
            source.keepWithin(config.spool().limits(source.spool().dir()));
        }
    }

    /// The inbox needs no more than that objects can be put.
    private Optional<String> probePrefix(List<PrometheusSource> sources) {
        String spool = sources.getFirst().spool().incarnation();
        return config.transport().isThroughInbox()
                ? Optional.empty()
                : Optional.of(BucketLayout.SITES + config.site() + "/" + spool);
    }

    /// What a ship thread knows after a round.
    private void tell(Outlet outlet) throws IOException {
        metrics.shipping(outlets.stream().mapToInt(Outlet::awaited).sum(), outlet.nextPieceBytes());
        if (outlet.equals(outlets.getFirst())) {
            skew.look(outlet.bucket().clock().skew());
            keptTime.daily();
        }
    }

    /// @param told is told how far each item got
    static Agent open(AgentConfig config, UploadProgress told) throws IOException, ConfigException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            StoreClock clock = StoreClock.system();
            Sources sources = Sources.open(config, clock::bestTime);
            opened.add(sources);
            sources.usable().forEach(source -> source.noticeFuture(config.future(), clock));
            List<Spool> spools = sources.all().stream().map(Source::spool).toList();
            KeptTime keptTime = new KeptTime(spools, clock.certificates());
            keptTime.recall();
            Metrics registry = new Metrics();
            AgentLink link = new AgentLink(
                    config.link(),
                    new LinkGovernor(config.link(), config.site(), clock::now, AgentLink.countIn(spools)));
            opened.add(link.governor());
            Optional<ReloadingBucket> logs = Optional.empty();
            ReloadingBucket blocks =
                    ReloadingBucket.open(config.objstore(), registry.registry(), link.governor(), clock);
            opened.add(blocks);
            if (config.logsObjstore()
                    .filter(one -> !one.equals(config.objstore()))
                    .isPresent()) {
                logs = Optional.of(
                        ReloadingBucket.open(config.logsObjstore().get(), registry.registry(), link.governor(), clock));
                opened.add(logs.get());
            }
            return new Agent(config, new Parts(sources, keptTime, link, blocks, logs, registry), told);
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
        opened.lokis().forEach(LokiSource::sealAtOnce);
        boolean left = !opened.unusable().isEmpty();
        for (Outlet outlet : outlets) {
            left |= outlet.once(wait, this::scan).problem().isPresent();
        }
        left |= !scan();
        for (Source source : opened.all()) {
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

    /// Works until the calling thread is interrupted, or a source is back that could not be opened: then the agent is
    /// to be opened anew, with it. Lets the items under way go on for the grace time.
    void forever() throws IOException, InterruptedException {
        outlets.forEach(Outlet::start);
        try (DirectoryNudge nudge = DirectoryNudge.of(config.sources())) {
            do {
                scan();
                outlets.forEach(Outlet::nudge);
                nudge.await(config.scanInterval());
            } while (!opened.oneIsBack());
        } finally {
            outlets.forEach(Outlet::stop);
            long end = System.nanoTime() + config.shutdownGrace().toNanos();
            for (Outlet outlet : outlets) {
                outlet.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        }
    }

    /// Lets go of the sources: their files list what the bucket confirmed.
    void release() throws IOException {
        for (Source source : opened.all()) {
            source.release();
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() throws IOException {
        server.close();
        buckets.forEach(ReloadingBucket::close);
        link.governor().close(); // its count lies in the sources' spools
        keptTime.last();
        opened.close();
    }
}
