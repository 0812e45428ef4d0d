package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `upgrade.md` says: an agent of another version goes on with the spool or refuses it untouched, and
/// Prometheus may become another version beside the agent.
class UpgradeIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String DELAY = "--storage.tsdb.delay-compact-file.path=";
    private static final String OLDER = "EDGESHIP_OLDER";

    @TempDir
    private Path dir;

    @Test
    void aSpoolOfALaterVersionIsRefusedAndNotTouched() throws Exception {
        CommandLine site = new CommandLine(dir);
        Path config = site.siteWithABlock();
        assertThat(site.run("agent --once --config", config).exitCode()).isZero();
        Path spool = site.dataDir().resolve("edgeship-spool");
        Files.writeString(spool.resolve("version"), "2\n");
        Map<String, String> before = files(site.dataDir());
        CommandLine.Ended ended = site.run("agent --once --config", config);
        assertThat(ended.exitCode()).as(ended.output()).isNotZero();
        assertThat(ended.output()).contains("version has format version 2; this build reads up to 1");
        assertThat(files(site.dataDir())).isEqualTo(before);
    }

    @Test
    void theCommandsBeforeItRunBesideTheAgentThatIsThere() throws Exception {
        CommandLine site = new CommandLine(dir);
        Path config = site.siteWithABlock();
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            agent.await(
                    "a block in the spool",
                    LIMIT,
                    () -> Files.exists(site.dataDir().resolve("thanos.shipper.json")));
            PageCommands page = new PageCommands(dir);
            CommandLine.Ended fits = page.run(PageBlock.UPGRADE_LOOK, Map.of());
            assertThat(fits.exitCode()).as(fits.output()).isZero();
            assertThat(agent.isAlive()).isTrue();
            Files.writeString(config, Files.readString(config) + "scan_intervall: 1s\n");
            CommandLine.Ended misspelt = page.run(PageBlock.UPGRADE_LOOK, Map.of());
            assertThat(misspelt.exitCode()).as(misspelt.output()).isNotZero();
            assertThat(misspelt.output()).contains("agent.yaml:6").contains("scan_intervall");
        }
    }

    /// The other way round needs an older build: its launcher is named by the environment.
    @Test
    void thisVersionGoesOnWhereAKilledOlderOneEnded() throws Exception {
        Path older = Optional.ofNullable(System.getenv(OLDER)).map(Path::of).orElse(null);
        Assumptions.assumeTrue(older != null, OLDER + " names no older build's edgeship");
        Path promtool = Program.promtool();
        Path objstore = AgentYaml.directoryBucket(dir);
        try (FakeTarget target = FakeTarget.start(9, 20);
                LocalPrometheus prometheus = setup(Program.prometheus(), target).start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            Path config = AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore);
            List<String> words = List.of(String.valueOf(older), "agent", "--config", config.toString());
            try (Child agent = Child.start("older agent", dir.resolve("older.log"), words, Map.of())) {
                agent.await("two blocks by the older agent", LIMIT, () -> windows(bucket) >= 2);
                agent.kill();
            }
            ship(config, bucket, 4);
            compare(prometheus, bucket, promtool);
        }
    }

    @Test
    void prometheusBecomesALaterVersionBesideTheAgent() throws Exception {
        Path later = Program.newPrometheus();
        Path now = LocalPrometheus.onPath("prometheus").orElse(later);
        Path promtool = Program.promtool();
        Path objstore = AgentYaml.directoryBucket(dir);
        try (FakeTarget target = FakeTarget.start(9, 20);
                Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            LocalPrometheus.Setup old = setup(now, target);
            Path config = Files.writeString(dir.resolve("agent.yaml"), """
                    site: it
                    sources:
                    - {type: prometheus, path: '%s', external_labels: {replica: a}}
                    objstore: {file: '%s'}
                    http: {listen: "127.0.0.1:0"}
                    scan_interval: 1s
                    """.formatted(old.dataDir(), objstore));
            try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
                try (LocalPrometheus before = old.start()) {
                    agent.await("blocks of " + before.url(), LIMIT, () -> windows(bucket) >= 2);
                }
                assertThat(PageBlock.words("upgrade.md")).contains("`" + DELAY + "DATA/thanos.shipper.json`");
                String file = old.dataDir().resolve("thanos.shipper.json").toString();
                try (LocalPrometheus after = setup(later, target)
                        .blocks(Duration.ofSeconds(10), Duration.ofSeconds(30))
                        .flag(DELAY + file)
                        .start()) {
                    agent.await(
                            "a block that Prometheus merged",
                            LIMIT,
                            () -> DataDirectory.blocks(old.dataDir()).stream()
                                    .anyMatch(block -> block.compaction().level() > 1));
                    int wanted = windows(bucket) + 2;
                    agent.await("two more blocks", LIMIT, () -> windows(bucket) >= wanted);
                    compare(after, bucket, promtool);
                }
                assertThat(agent.output()).doesNotContain("level=error");
            }
        }
    }

    private LocalPrometheus.Setup setup(Path binary, FakeTarget target) {
        return new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                .externalLabel("replica", "a")
                .scrape("fake", target.address());
    }

    private void ship(Path config, Bucket bucket, int wanted) throws Exception {
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            agent.await(wanted + " blocks in the bucket", LIMIT, () -> windows(bucket) >= wanted);
        }
    }

    private static int windows(Bucket bucket) throws IOException {
        return new BucketSync(bucket).sync().blocks().size();
    }

    private void compare(LocalPrometheus prometheus, Bucket bucket, Path promtool) throws Exception {
        Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
        assertThat(new TreeSet<>(shipped.blocks().stream()
                        .map(block -> block.meta().range().minTime())
                        .toList()))
                .as("one block a window")
                .hasSameSizeAs(shipped.blocks());
        PrometheusApi api = new PrometheusApi(prometheus.url());
        shipped.assertHoldsWhat(api, promtool, shipped.minTime(), shipped.maxTime());
    }

    private static Map<String, String> files(Path top) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(top)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(top.relativize(file).toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        files.remove("edgeship-spool/lock"); // says who was there last
        return files;
    }
}
