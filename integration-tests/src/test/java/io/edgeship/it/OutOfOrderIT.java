package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Prometheus with out-of-order ingestion writes a regular and an out-of-order block of one window, merges both in
/// the same second and deletes them, unless it waits for the agent. Nothing may be lost or doubled either way.
/// Without
/// the waiting a merged block may stay in the spool, held, for a part of it is in the bucket already.
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
            Path config = AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore);
            long until = shipLateSamples(prometheus, target, bucket, config, !waits);
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            Samples held = held(prometheus.dataDir().resolve("edgeship-spool/incoming"));
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
    /// which
    /// everything must be in the bucket.
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

    /// What the agent linked and may not ship: a merged block of whose parents one was shipped, and the other was
    /// gone before it could be linked.
    private static Samples held(Path incoming) throws IOException {
        Samples samples = new Samples();
        try (Stream<Path> entries = Files.list(incoming)) {
            for (Path block : entries.filter(OutOfOrderIT::isBlock).toList()) {
                Shipped.read(block, samples);
            }
        }
        return samples;
    }

    private static long newest(Bucket bucket) throws IOException {
        return new BucketSync(bucket)
                .sync().blocks().stream()
                        .mapToLong(block -> block.meta().range().maxTime())
                        .max()
                        .orElse(0);
    }

    private static boolean hasMerged(Path dataDir) throws IOException {
        try (Stream<Path> entries = Files.list(dataDir)) {
            for (Path block : entries.filter(OutOfOrderIT::isBlock).toList()) {
                if (levelOf(block) > 1) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBlock(Path directory) {
        return BlockId.tryParse(directory.getFileName().toString()).isPresent();
    }

    private static int levelOf(Path block) throws IOException {
        try {
            return BlockMeta.read(block.resolve("meta.json")).compaction().level();
        } catch (NoSuchFileException e) {
            return 0; // Prometheus has just deleted it
        }
    }
}
