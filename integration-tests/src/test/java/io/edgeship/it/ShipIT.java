package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus, restarted; an agent, killed with -9 again and again; at the end the bucket holds exactly the
/// samples that Prometheus has, by our reader and by promtool.
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
        Path binary = Program.prometheus();
        Path promtool = Program.promtool();
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Path config = Files.writeString(dir.resolve("objstore.yml"), objstore);
        try (FakeTarget target = FakeTarget.start(seed, 20);
                LocalPrometheus prometheus = new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                        .externalLabel("replica", "a")
                        .scrape("fake", target.address())
                        .start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(config))) {
            killAgentAgainAndAgain(prometheus, config, new Random(seed));
            shipWhatIsThere(prometheus, config, bucket);
            compare(prometheus, bucket, promtool);
        }
    }

    private Path agentConfig(LocalPrometheus prometheus, Path objstore) throws IOException {
        return AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore);
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
        Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
        assertThat(shipped.blocks())
                .allSatisfy(
                        block -> assertThat(block.labels()).containsOnly(entry("site", "it"), entry("replica", "a")));
        assertThat(new TreeSet<>(shipped.blocks().stream()
                        .map(block -> block.meta().range().minTime())
                        .toList()))
                .as("one block a window")
                .hasSameSizeAs(shipped.blocks());
        PrometheusApi api = new PrometheusApi(prometheus.url());
        shipped.assertHoldsWhat(api, promtool, shipped.minTime(), shipped.maxTime());
    }
}
