package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A site with a real Prometheus to which everything happens: late samples, deleted series, both programs killed with
/// -9 and started again. In the end the bucket holds what Prometheus has, sample by sample, but for what the agent says
/// it holds or has lost.
@EnabledIfSystemProperty(
        named = "edgeship.harsh",
        matches = "true",
        disabledReason = "two minutes a life: -Dedgeship.harsh=true lives one")
class HarshLifeIT {
    private static final Duration LATE_BY = Duration.ofSeconds(25);
    private static final Duration BLOCK = LocalPrometheus.SHORTEST_BLOCK;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int GAUGES = 10;
    private static final int PAUSE_MILLIS = 6000;
    private static final Set<String> EXTERNAL_LABELS = Set.of("site", "replica");

    @TempDir
    private Path dir;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /// What happens in one life of the agent, which always ends by `kill -9`.
    private enum Trouble {
        NONE,
        DELETION,
        PROMETHEUS_KILLED,
        PROMETHEUS_RESTARTED_WITHOUT_AGENT,
        DELETION_WITHOUT_AGENT,
        DELETION_WITHOUT_AGENT_AND_PROMETHEUS_KILLED
    }

    @Test
    void theBucketHoldsWhatPrometheusHad() throws Exception {
        Path promtool = Program.promtool();
        // Text cannot tell a staleness marker from another NaN, so that promtool's account is not drawn up by itself.
        live((_, shipped, _) -> assertThat(
                        Samples.differences(PromtoolDump.of(promtool, shipped.dir()), shipped.samples()))
                .as("seed %d: promtool's samples, by our reader", seed)
                .isEmpty());
    }

    @Test
    void aStockThanosAnswersWhatPrometheusHad() throws Exception {
        Path thanos = Program.thanos();
        live((objstore, _, account) -> {
            try (ThanosReader reader = new Thanos(thanos, dir).read(objstore)) {
                Samples answered = new PrometheusApi(reader.url()).rawSamples(account.from(), account.until());
                System.out.println(account.balance("the querier", answered.withoutLabels(EXTERNAL_LABELS)));
            }
        });
    }

    /// Looks at the bucket with another reader than ours.
    private interface SecondLook {
        void at(Path objstore, Shipped shipped, Account account) throws Exception;
    }

    private void live(SecondLook look) throws Exception {
        Path program = Program.prometheus();
        Path objstore = AgentYaml.directoryBucket(dir);
        LocalPrometheus.Setup setup = new LocalPrometheus.Setup(program, dir.resolve("prometheus"))
                .outOfOrder(LATE_BY.multipliedBy(2))
                .externalLabel("replica", "a")
                .flag("--web.enable-admin-api")
                .flag("--enable-feature=xor2-encoding"); // one that does not know it says so and goes on
        try (FakeTarget target = FakeTarget.start(seed, GAUGES, LATE_BY);
                LocalPrometheus prometheus =
                        setup.scrape("fake", target.address()).start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            Path config = AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore);
            Deletions deletions = new Deletions(prometheus, random, GAUGES);
            suffer(prometheus, config, deletions);
            deletions.assertHappened();
            long until = shipAllUntilNow(target, prometheus, config);
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            Account account = account(prometheus, deletions, shipped.minTime(), until);
            System.out.println(account.balance("our reader", shipped.samples()));
            look.at(objstore, shipped, account);
        }
    }

    private void suffer(LocalPrometheus prometheus, Path config, Deletions deletions) throws Exception {
        List<Trouble> troubles = new ArrayList<>(List.of(Trouble.values()));
        Collections.shuffle(troubles, random);
        for (Trouble trouble : troubles) {
            try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
                pause();
                switch (trouble) {
                    case PROMETHEUS_KILLED -> prometheus.restart(true);
                    case DELETION -> deletions.besideTheAgent();
                    case NONE,
                            PROMETHEUS_RESTARTED_WITHOUT_AGENT,
                            DELETION_WITHOUT_AGENT,
                            DELETION_WITHOUT_AGENT_AND_PROMETHEUS_KILLED -> {}
                }
                pause();
                agent.kill();
            }
            switch (trouble) {
                case PROMETHEUS_RESTARTED_WITHOUT_AGENT -> prometheus.restart(false);
                case DELETION_WITHOUT_AGENT -> deletions.whileTheAgentIsDown();
                case DELETION_WITHOUT_AGENT_AND_PROMETHEUS_KILLED -> {
                    deletions.whileTheAgentIsDown();
                    prometheus.restart(true);
                }
                case NONE, PROMETHEUS_KILLED, DELETION -> {}
            }
        }
    }

    /// So that what follows comes at any moment of the agent's work, also in its first second.
    private void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(PAUSE_MILLIS)));
    }

    /// Ships until no late sample is left in Prometheus' head, and returns the time until which everything must be in
    /// the bucket.
    private long shipAllUntilNow(FakeTarget target, LocalPrometheus prometheus, Path config) throws Exception {
        target.close();
        long until = System.currentTimeMillis() - System.currentTimeMillis() % BLOCK.toMillis();
        // Prometheus writes what was late whenever it cuts its head: after two more blocks all of it is out.
        Deadline.in(LIMIT)
                .await(
                        "the blocks after the last late sample",
                        () -> DataDirectory.maxTime(prometheus.dataDir()) > until + 3 * BLOCK.toMillis());
        try (Child last = EdgeshipProcess.agent(dir.resolve("last.log"), config, "--once")) {
            int exitCode = last.awaitExit(LIMIT);
            List<BlockId> kept = SpoolLeft.read(prometheus.dataDir()).blocksBefore(until);
            // One that was cut while it worked may be left.
            assertThat(exitCode).as("%s: %s", where(), last.output()).isBetween(kept.isEmpty() ? 0 : 1, 1);
            assertThat(kept)
                    .allSatisfy(block -> assertThat(last.output())
                            .as("%s: what the agent says of a block it keeps", where())
                            .containsPattern("block (held back|waits).*" + block));
        }
        return until;
    }

    private Account account(LocalPrometheus prometheus, Deletions deletions, long from, long until) throws Exception {
        Samples had = new PrometheusApi(prometheus.url()).rawSamples(from, until);
        assertThat(had.count()).as("samples that Prometheus answers").isGreaterThan(1000);
        return new Account(where(), from, until, had, deletions, SpoolLeft.read(prometheus.dataDir()));
    }

    private String where() {
        return "seed " + seed;
    }
}
