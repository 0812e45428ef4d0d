package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Prometheus with out-of-order ingestion writes a regular and an out-of-order block of one window, merges both in
/// the same second and deletes them, unless it waits for the agent. Nothing may be lost or doubled either way. What it
/// merged may stay in the spool, held, for a part of it is in the bucket already; where it waits, and the centre takes
/// what comes late, all of it is shipped.
class OutOfOrderIT {
    private static final Duration LATE_BY = Duration.ofSeconds(25);
    private static final Duration BLOCK = LocalPrometheus.SHORTEST_BLOCK;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int LATE_WINDOWS = 3;

    @TempDir
    private Path dir;

    @Test
    void nothingIsLostWhenPrometheusMergesBlocksAtOnce() throws Exception {
        ships(false);
    }

    @Test
    void nothingIsLostWhenPrometheusWaitsForTheAgent() throws Exception {
        List<BucketBlock> blocks = ships(true);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block.meta().compaction().level())
                        .as("level of %s", block.meta().id())
                        .isEqualTo(1));
    }

    private List<BucketBlock> ships(boolean waits) throws Exception {
        Path binary = Program.newPrometheus();
        Path promtool = Program.promtool();
        Path objstore = AgentYaml.directoryBucket(dir);
        LocalPrometheus.Setup setup = new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                .outOfOrder(LATE_BY.multipliedBy(2))
                .externalLabel("replica", "a");
        if (waits) {
            setup.flag(
                    "--storage.tsdb.delay-compact-file.path=" + setup.dataDir().resolve("thanos.shipper.json"));
        }
        try (FakeTarget target = FakeTarget.start(5, 10, LATE_BY);
                LocalPrometheus prometheus =
                        setup.scrape("fake", target.address()).start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            Path config = AgentYaml.write(
                    dir.resolve("agent.yaml"),
                    prometheus.dataDir(),
                    prometheus.url(),
                    objstore,
                    waits ? "centre: edgeship" : "");
            long until = shipLateSamples(prometheus, target, bucket, config, !waits);
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            Samples held = SpoolLeft.read(prometheus.dataDir()).samples();
            PrometheusApi api = new PrometheusApi(prometheus.url());
            if (waits) {
                assertThat(held.within(0, until).count()).as("samples held").isZero();
            }
            shipped.assertHoldsWhat(api, promtool, shipped.minTime(), until, held);
            System.out.printf(
                    "%d samples in the bucket, %d in blocks held%n",
                    shipped.samples().count(), held.count());
            return shipped.blocks();
        }
    }

    /// Ships while late samples come, then until none of them is left in Prometheus' head; returns the time until
    /// which everything must be in the bucket.
    private long shipLateSamples(
            LocalPrometheus prometheus, FakeTarget target, Bucket bucket, Path config, boolean mergesAtOnce)
            throws Exception {
        long begun = System.currentTimeMillis();
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            agent.await(
                    "blocks with late samples", LIMIT, () -> newest(bucket) > begun + LATE_WINDOWS * BLOCK.toMillis());
            if (mergesAtOnce) {
                agent.await("a block that Prometheus merged", LIMIT, () -> hasMerged(prometheus.dataDir()));
            }
            agent.kill();
        }
        target.close();
        long until = System.currentTimeMillis() - System.currentTimeMillis() % BLOCK.toMillis();
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            // Prometheus writes what was late whenever it cuts its head: after two more blocks all of it is out.
            agent.await(
                    "the blocks after the last late sample",
                    LIMIT,
                    () -> newest(bucket) > until + 3 * BLOCK.toMillis());
        }
        try (Child last = EdgeshipProcess.agent(dir.resolve("last.log"), config, "--once")) {
            int exitCode = last.awaitExit(LIMIT);
            boolean waits = last.output().contains("block waits"); // for the window that is still open
            boolean holds = mergesAtOnce && last.output().contains("block held");
            assertThat(exitCode).as(last.output()).isEqualTo(waits || holds ? 1 : 0);
        }
        return until;
    }

    private static long newest(Bucket bucket) throws IOException {
        return new BucketSync(bucket)
                .sync().blocks().stream()
                        .mapToLong(block -> block.meta().range().maxTime())
                        .max()
                        .orElse(0);
    }

    private static boolean hasMerged(Path dataDir) throws IOException {
        return DataDirectory.blocks(dataDir).stream()
                .anyMatch(block -> block.compaction().level() > 1);
    }
}
