package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a real Loki at a site, killed and restarted, through the compactor's role `logs`, killed too, to a real central
/// Loki on an S3 server: every line that was pushed is answered there, once, with its labels and metadata.
class LogsIT {
    private static final long SEED = Long.getLong("edgeship.seed", 20_261_126);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /// Of lines, once their index is there.
    private static final Duration APPEARS_LIMIT = Duration.ofSeconds(80);

    private static final String LOGS = "loki";

    @TempDir
    private Path dir;

    private final List<AutoCloseable> running = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Path program;

    @SuppressWarnings("NullAway.Init")
    private LocalS3 store;

    @SuppressWarnings("NullAway.Init")
    private Bucket bucket;

    @BeforeEach
    void startTheStore() throws Exception {
        program = Program.loki();
        Path home = Files.createDirectories(dir.resolve("s3"));
        store = keep(LocalS3.start(home, "blocks"));
        Files.createDirectories(home.resolve("data").resolve(LOGS));
        bucket = keep(Buckets.open(ObjstoreConfig.parse("objstore.yml", store.objstoreYaml(LOGS))));
    }

    @AfterEach
    void stopAll() throws Exception {
        for (AutoCloseable one : running.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T keep(T one) {
        running.add(one);
        return one;
    }

    @Test
    void everyLineIsAnsweredByTheCentralLoki() throws Exception {
        LocalLoki central = keep(central());
        List<SegmentPacker> sites = List.of(
                new SegmentPacker(bucket, "a", TenantMode.VERBATIM, true),
                new SegmentPacker(bucket, "b", TenantMode.PREFIXED, false),
                new SegmentPacker(bucket, "c", TenantMode.FLEET, false));
        EdgeLoki edge = keep(new EdgeLoki(program, dir.resolve("edge"), "zstd", SEED));
        Path config = config(central);

        edge.push(3000, -50, -10);
        edge.push(500, -8, 8);
        edge.flush();
        ship(sites, edge);
        killedThenDone(config);
        answers(central, edge, sites, "before midnight and across it");

        edge.push(2000, 10, 40);
        edge.killAndRestart("snappy");
        edge.push(1000, 41, 50);
        edge.flush();
        ship(sites, edge);
        edge.restart("lz4-64k");
        edge.push(1000, 51, 60);
        edge.flush();
        ship(sites, edge);
        edge.restart("gzip");
        edge.push(1000, 61, 70);
        edge.flush();
        ship(sites, edge);
        killedThenDone(config);

        answers(central, edge, sites, "of every codec, after kill -9");
        lokisCompactorMergesOurIndexes(central);
        answers(central, edge, sites, "after Loki's compactor");
        assertThat(bucket.list("edgeship/inbox/", null, null, 1).objects()).isEmpty();
        assertThat(central.log()).doesNotContain("failed downloading chunks");
    }

    private static void ship(List<SegmentPacker> sites, EdgeLoki edge) throws IOException {
        for (SegmentPacker site : sites) {
            assertThat(site.ship(edge.chunks())).isPositive();
        }
    }

    private LocalLoki central() throws IOException, InterruptedException {
        return LocalLoki.start(program, dir.resolve("central"), """
                storage_config:
                  use_thanos_objstore: true
                  object_store:
                    s3:
                      endpoint: 127.0.0.1:%d
                      bucket_name: %s
                      region: us-east-1
                      access_key_id: %s
                      secret_access_key: %s
                      insecure: true
                      bucket_lookup_type: path
                  tsdb_shipper: {resync_interval: 5s}
                schema_config:
                  configs:
                    - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                query_range: {cache_results: false}
                limits_config: {max_query_length: 0, max_query_lookback: 0, max_entries_limit_per_query: 100000}
                compactor: {compaction_interval: 20s}
                """.formatted(
                        store.port(), LOGS, LocalS3.ACCESS_KEY, LocalS3.SECRET_KEY));
    }

    private Path config(LocalLoki central) throws IOException {
        Path blocks = Files.writeString(dir.resolve("blocks.yml"), store.objstoreYaml("blocks"));
        Path logs = Files.writeString(dir.resolve("logs.yml"), store.objstoreYaml(LOGS));
        return Files.writeString(dir.resolve("compactor.yaml"), """
                objstore: {file: '%s'}
                logs:
                  objstore: {file: '%s'}
                  loki: {url: '%s'}
                  verbatim_tenants: [acme, beta]
                http: {listen: "127.0.0.1:0"}
                """.formatted(blocks, logs, central.url()));
    }

    /// A few cycles that are killed, each a little later than the one before, and one that is not.
    private void killedThenDone(Path config) throws IOException, InterruptedException {
        for (int tenths = 8; tenths <= 32; tenths += 8) {
            try (Child cycle = cycle(config)) {
                LockSupport.parkNanos(Duration.ofMillis(100L * tenths).toNanos());
                cycle.kill();
            }
        }
        LeftLocks.expire(dir.resolve("s3/data").resolve(LOGS));
        try (Child cycle = cycle(config)) {
            assertThat(cycle.awaitExit(LIMIT)).as(cycle.output()).isZero();
            assertThat(cycle.output()).doesNotContain("level=error");
        }
    }

    private Child cycle(Path config) throws IOException {
        return EdgeshipProcess.start(
                "compact",
                dir.resolve("compact." + System.nanoTime()),
                "io.edgeship.compact.CompactMain",
                List.of("-Xmx256m"),
                List.of("compact", "--once", "--config", config.toString()));
    }

    /// The lines of each tenant at the centre are those of all sites that write to it, and no others. It looks for new
    /// indexes from time to time, so it gets some time.
    private static void answers(LocalLoki central, EdgeLoki edge, List<SegmentPacker> sites, String when)
            throws IOException, InterruptedException {
        Map<String, List<LogLine>> expected = new TreeMap<>();
        for (SegmentPacker site : sites) {
            for (String tenant : EdgeLoki.TENANTS) {
                expected.computeIfAbsent(site.mode().tenant(site.site(), tenant), _ -> new ArrayList<>())
                        .addAll(site.expected(edge, tenant));
            }
        }
        for (var tenant : expected.entrySet()) {
            Deadline.in(APPEARS_LIMIT)
                    .reached(() -> central.lines(tenant.getKey(), edge.fromNanos(), edge.toNanos())
                                    .size()
                            >= tenant.getValue().size());
            List<LogLine> found = central.lines(tenant.getKey(), edge.fromNanos(), edge.toNanos());
            String what = "%s, tenant %s, seed %d: ".formatted(when, tenant.getKey(), SEED);
            assertThat(without(tenant.getValue(), found))
                    .as(what + "pushed and not answered")
                    .isEmpty();
            assertThat(without(found, tenant.getValue()))
                    .as(what + "answered and not pushed")
                    .isEmpty();
            assertThat(found).as(what + "nothing twice").hasSameSizeAs(tenant.getValue());
        }
    }

    private static List<LogLine> without(List<LogLine> some, List<LogLine> others) {
        TreeSet<LogLine> left = new TreeSet<>(some);
        others.forEach(left::remove);
        return List.copyOf(left);
    }

    private void lokisCompactorMergesOurIndexes(LocalLoki central) throws IOException, InterruptedException {
        Path index = dir.resolve("s3/data").resolve(LOGS).resolve("index");
        boolean merged = Deadline.in(LIMIT).reached(() -> {
            try (Stream<Path> files = Files.walk(index)) {
                return files
                        .filter(Files::isRegularFile)
                        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
                        .values()
                        .stream()
                        .allMatch(count -> count == 1);
            }
        });
        assertThat(merged).as(central.log()).isTrue();
    }
}
