package io.edgeship.agent;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.queue.upload.UploadProgress;
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

    /// What a Prometheus data directory has and an empty mount has not.
    private static final List<String> SIGNS = List.of("wal", "lock", "queries.active", "chunks_head");

    private final AgentConfig config;
    private final Bucket bucket;
    private final List<PrometheusSource> sources;
    private final Health health = new Health();
    private final AgentMetrics metrics;
    private final ShipLoop shipLoop;
    private final OpsServer server;

    private Agent(AgentConfig config, Bucket bucket, List<PrometheusSource> sources, Metrics registry)
            throws IOException {
        this.config = config;
        this.bucket = bucket;
        this.sources = sources;
        metrics = new AgentMetrics(registry.registry(), sources, bucket);
        shipLoop = new ShipLoop(
                sources,
                bucket,
                config.upload(),
                UploadProgress.NONE,
                metrics,
                new SiteReports(config.site(), bucket),
                RandomGenerator.getDefault());
        server = OpsServer.start(config.listen(), registry, health);
    }

    static Agent open(AgentConfig config) throws IOException, ConfigException {
        List<PrometheusSource> sources = new ArrayList<>();
        try {
            for (SourceConfig source : config.sources()) {
                requireDirectory(source.path());
                sources.add(PrometheusSource.open(source, config.siteLabel(), config.site(), InstantSource.system()));
            }
            Metrics registry = new Metrics();
            return new Agent(config, Buckets.open(config.objstore(), registry.registry()), sources, registry);
        } catch (IOException | ConfigException | RuntimeException e) {
            for (PrometheusSource source : sources) {
                source.close();
            }
            throw e;
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
        scan();
        Duration wait = shipLoop.run();
        scan();
        boolean left = !wait.isZero();
        for (PrometheusSource source : sources) {
            synchronized (source.spool()) {
                left |= !source.spool().ready().isEmpty()
                        || !source.spool().incoming().isEmpty();
            }
            left |= !source.held().isEmpty() || health.problems().containsKey(nameOf(source));
        }
        return !left;
    }

    /// Works until the calling thread is interrupted, then lets the block under way go on for the grace time.
    void forever() throws IOException, InterruptedException {
        Thread shipper = Thread.ofPlatform().name("ship").start(this::shipForever);
        try (DirectoryNudge nudge = DirectoryNudge.of(config.sources())) {
            while (true) {
                scan();
                LockSupport.unpark(shipper);
                nudge.await(config.scanInterval());
            }
        } finally {
            shipper.interrupt(); // it stops between two blocks
            shipper.join(config.shutdownGrace());
        }
    }

    private void shipForever() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Duration wait = shipLoop.run();
                bucketHealth(wait.isZero());
                LockSupport.parkNanos(
                        this, wait.isZero() ? config.scanInterval().toNanos() : wait.toNanos());
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("shipping stopped, trying again after the next scan", e);
                health.problem("spool", String.valueOf(e.getMessage()));
                LockSupport.parkNanos(this, config.scanInterval().toNanos());
            }
        }
    }

    private void bucketHealth(boolean reached) {
        health.ok("spool");
        if (reached) {
            health.ok("bucket");
        } else {
            health.problem("bucket", bucket.location() + " cannot be used now, see the log; blocks wait in the spool");
        }
    }

    private void scan() {
        for (PrometheusSource source : sources) {
            String name = nameOf(source);
            try {
                source.scan();
                boolean looksRight = SIGNS.stream()
                        .anyMatch(sign -> Files.exists(source.config().path().resolve(sign)));
                if (looksRight) {
                    health.ok(name);
                } else {
                    health.problem(name, "no wal/ there: the path, or the volume's subPath, is most likely wrong");
                }
                metrics.scanned();
            } catch (IOException | RuntimeException e) {
                LOG.error(
                        "scan did not finish, trying again",
                        e,
                        "source",
                        source.config().path());
                health.problem(name, String.valueOf(e.getMessage()));
                metrics.scanFailed();
            }
        }
    }

    private static String nameOf(PrometheusSource source) {
        return "source " + source.config().path();
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

    /// Whether the bucket answers at all; for a start-up line in the log.
    void greet() {
        try {
            bucket.list("", "/", null, 1);
            LOG.info("bucket answers", "bucket", bucket.location());
        } catch (BucketException e) {
            LOG.warn("bucket does not answer yet, blocks wait in the spool", e, "bucket", bucket.location());
        }
    }
}
