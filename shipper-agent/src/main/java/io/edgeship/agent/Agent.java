package io.edgeship.agent;

import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import io.edgeship.runtime.log.Log;
import io.edgeship.ship.PrometheusSource;
import io.edgeship.ship.ShipLoop;
import io.edgeship.ship.SiteReports;
import io.edgeship.ship.SourceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// The agent at work: one thread scans the sources, one ships. Closed by the thread that opened it.
final class Agent implements AutoCloseable {
    private static final Log LOG = Log.of(Agent.class);

    /// After the grace time a request that hangs is torn down; then its thread has so long to notice.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final AgentConfig config;
    private final Bucket bucket;
    private final List<PrometheusSource> sources;
    private final Scanning scanning;
    private final Shipping shipping;
    private final OpsServer server;

    private Agent(
            AgentConfig config, Bucket bucket, List<PrometheusSource> sources, Metrics registry, UploadProgress told)
            throws IOException {
        this.config = config;
        this.bucket = bucket;
        this.sources = List.copyOf(sources);
        Health health = new Health();
        AgentMetrics metrics = new AgentMetrics(registry.registry(), this.sources, bucket);
        SiteReports reports = new SiteReports(config.site(), bucket);
        ShipLoop loop = new ShipLoop(
                this.sources,
                bucket,
                config.upload(),
                told,
                metrics,
                reports,
                InstantSource.system(),
                RandomGenerator.getDefault());
        scanning = new Scanning(this.sources, health, metrics);
        shipping = new Shipping(loop, bucket, probePrefix(), health, config.scanInterval());
        server = OpsServer.start(config.listen(), registry, health);
        server.page(
                "/", "text/plain; charset=utf-8", new StatusPage(config.site(), this.sources, bucket, health)::text);
    }

    private String probePrefix() {
        return BucketLayout.SITES + config.site() + "/"
                + sources.getFirst().spool().incarnation();
    }

    /// @param told is told how far each block got
    static Agent open(AgentConfig config, UploadProgress told) throws IOException, ConfigException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            List<PrometheusSource> sources = new ArrayList<>();
            for (SourceConfig source : config.sources()) {
                requireDirectory(source.path());
                sources.add(PrometheusSource.open(source, config.siteLabel(), config.site(), InstantSource.system()));
                opened.add(sources.getLast());
            }
            Metrics registry = new Metrics();
            Bucket bucket = Buckets.open(config.objstore(), registry.registry());
            opened.add(bucket);
            return new Agent(config, bucket, sources, registry, told);
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

    static void requireDirectory(Path path) throws ConfigException {
        if (!Files.isDirectory(path)) {
            throw new ConfigException("sources[].path: %s is no directory".formatted(path));
        }
    }

    /// Ships all there is.
    ///
    /// @return whether nothing is left
    boolean once() throws IOException, InterruptedException {
        scanning.run();
        ShipLoop.Rest rest = shipping.once();
        while (rest.isSettling()) {
            Thread.sleep(rest.pause());
            scanning.run(); // another may have taken its place
            rest = shipping.once();
        }
        boolean left = !scanning.run() || rest.problem().isPresent();
        for (PrometheusSource source : sources) {
            left |= !source.spool().ready().isEmpty();
            left |= !source.spool().incoming().isEmpty();
            left |= !source.held().isEmpty();
        }
        return !left;
    }

    /// Works until the calling thread is interrupted, then lets the block under way go on for the grace time.
    void forever() throws IOException, InterruptedException {
        Thread shipper = Thread.ofPlatform().name("ship").start(shipping);
        try (DirectoryNudge nudge = DirectoryNudge.of(config.sources())) {
            while (true) {
                scanning.run();
                LockSupport.unpark(shipper);
                nudge.await(config.scanInterval());
            }
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
        for (PrometheusSource source : sources) {
            source.close();
        }
        bucket.close();
    }
}
