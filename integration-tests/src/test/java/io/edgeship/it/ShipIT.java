package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus, restarted; an agent, killed with -9 again and again; at the end the bucket holds exactly the
/// samples that
/// Prometheus has, by our reader and by promtool.
class ShipIT {
    private static final int BLOCKS_WANTED = 4;
    private static final int KILLS = 5;
    private static final Duration SHIP_LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path dir;

    @Test
    void nothingIsLostOrDoubledOnTheWayToADirectory() throws Exception {
        String objstore = "type: FILESYSTEM\nconfig: {directory: '%s'}\n".formatted(dir.resolve("bucket"));
        shipsExactly(objstore);
    }

    @Test
    void nothingIsLostOrDoubledOnTheWayToAnS3Server() throws Exception {
        try (LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "ship")) {
            shipsExactly(server.objstoreYaml("ship"));
        }
    }

    private void shipsExactly(String objstore) throws Exception {
        Optional<Path> binary = LocalPrometheus.onPath("prometheus");
        Optional<Path> promtool = LocalPrometheus.onPath("promtool");
        assumeTrue(binary.isPresent() && promtool.isPresent(), "SKIPPED: no prometheus or promtool on the PATH");
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Path config = Files.writeString(dir.resolve("objstore.yml"), objstore);
        try (FakeTarget target = FakeTarget.start(seed, 20);
                LocalPrometheus prometheus = new LocalPrometheus.Setup(binary.get(), dir.resolve("prometheus"))
                        .externalLabel("replica", "a")
                        .scrape("fake", target.address())
                        .start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(config))) {
            killAgentAgainAndAgain(prometheus, config, new Random(seed));
            shipWhatIsThere(prometheus, config, bucket);
            compare(prometheus, bucket, promtool.get());
        }
    }

    private Path agentConfig(LocalPrometheus prometheus, Path objstore) throws IOException {
        return Files.writeString(
                dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: %s, url: "%s"}
                objstore: {file: %s}
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                """.formatted(prometheus.dataDir(), prometheus.url(), objstore));
    }

    /// Kills at random moments, also within the first second, while the agent links, seals and ships; between two kills
    /// Prometheus is restarted once, once with -9.
    private void killAgentAgainAndAgain(LocalPrometheus prometheus, Path objstore, Random random) throws Exception {
        Path config = agentConfig(prometheus, objstore);
        for (int kill = 0; kill < KILLS; kill++) {
            try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(6000)));
                agent.kill();
            }
            if (kill == 1 || kill == 3) {
                prometheus.restart(kill == 3);
            }
        }
    }

    private void shipWhatIsThere(LocalPrometheus prometheus, Path objstore, Bucket bucket) throws Exception {
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), agentConfig(prometheus, objstore))) {
            agent.await(
                    BLOCKS_WANTED + " blocks in the bucket",
                    SHIP_LIMIT,
                    () -> new BucketSync(bucket).sync().blocks().size() >= BLOCKS_WANTED);
        }
    }

    private void compare(LocalPrometheus prometheus, Bucket bucket, Path promtool) throws Exception {
        List<BucketBlock> blocks = new BucketSync(bucket).sync().blocks();
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.missing()).isEmpty();
            assertThat(block.labels()).containsEntry("site", "it").containsEntry("replica", "a");
        });
        assertThat(new TreeSet<>(blocks.stream()
                        .map(block -> block.meta().range().minTime())
                        .toList()))
                .as("one block a window")
                .hasSameSizeAs(blocks);
        long minTime = blocks.stream()
                .mapToLong(block -> block.meta().range().minTime())
                .min()
                .orElseThrow();
        long maxTime = blocks.stream()
                .mapToLong(block -> block.meta().range().maxTime())
                .max()
                .orElseThrow();

        Path downloaded = Files.createDirectories(dir.resolve("downloaded"));
        Files.createDirectories(downloaded.resolve("wal")); // without it promtool 2.42 opens nothing
        Samples read = new Samples();
        for (BucketBlock block : blocks) {
            download(bucket, block, downloaded);
            read(downloaded.resolve(block.meta().id().toString()), read);
        }
        Samples answered = prometheus(prometheus).rawSamples(minTime, maxTime);
        assertThat(answered.count()).isGreaterThan(1000);
        assertThat(Samples.differences(answered, read.withoutStaleMarkers())).isEmpty();
        assertThat(Samples.differences(PromtoolDump.of(promtool, downloaded), read))
                .isEmpty();
    }

    private static PrometheusApi prometheus(LocalPrometheus prometheus) throws IOException, InterruptedException {
        Deadline.in(Duration.ofSeconds(30))
                .await("Prometheus to answer", () -> LocalPrometheus.answers(prometheus.url() + "/-/ready"));
        return new PrometheusApi(prometheus.url());
    }

    private static void download(Bucket bucket, BucketBlock block, Path target) throws IOException {
        BlockId id = block.meta().id();
        for (String file : List.of("meta.json", "index", "chunks/000001")) {
            Path to = target.resolve(id.toString()).resolve(file);
            Files.createDirectories(to.resolveSibling("."));
            try (InputStream in = bucket.get(id + "/" + file)) {
                Files.copy(in, to);
            }
        }
    }

    private static void read(Path block, Samples samples) throws IOException {
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            reader.forEachSeries(
                    List.of(),
                    series -> assertThat(series.forEachSample((time, bits) ->
                                    samples.add(series.labels().toMap(), new Samples.Sample(time, bits))))
                            .as("encodings passed over")
                            .isEmpty());
        }
    }
}
