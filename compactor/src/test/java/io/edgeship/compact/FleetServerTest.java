package io.edgeship.compact;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fleet server over a real directory.
class FleetServerTest {
    private static final long HOUR = 3_600_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Metrics registry = new Metrics();
    private final Health health = new Health();

    /// Gauges hold what they show by a thread: without a server there is nothing to scrape.
    private final List<FleetServer> servers = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder logs;

    @BeforeEach
    void fill() throws IOException {
        folder = new BucketFolder(Files.createDirectories(dir.resolve("bucket")));
        long window = Instant.now().toEpochMilli() / (2 * HOUR) * 2 * HOUR;
        block(A, window - 2 * HOUR, window, "a");
        block(B, window - 100 * HOUR, window - 98 * HOUR, "b");
        heartbeat("a", 0);
        heartbeat("b", 2_000);
        folder.put(BucketLayout.manifestKey("b", "cafe", C), new byte[] {1}, Duration.ofHours(3));
        folder.put(BucketLayout.BUCKET_INDEX, new byte[] {1}, Duration.ofHours(5));
        logs = new BucketFolder(Files.createDirectories(dir.resolve("logs")));
        logs.heartbeat(
                BucketFolder.heartbeat("quiet")
                        .setBacklogItems(3)
                        .setBacklogBytes(4_000)
                        .build(),
                MINUTE);
        logs.put(BucketLayout.LOGS_STATE, taken("a", Instant.now().minus(3, ChronoUnit.HOURS)), Duration.ZERO);
        logs.put(BucketLayout.manifestKey("quiet", "cafe", C), new byte[] {1}, Duration.ofHours(4));
    }

    /// As a compactor notes it: one segment of a site, whose lines are there up to `until`.
    private static byte[] taken(String site, Instant until) throws IOException {
        String json = """
                {"version":1,"spools":[{"site":"%s","incarnation":"cafe","segments":[{"first":1,"last":1,"until":%2$d}],\
                "newest_line":%2$d,"chunks":5,"lines":6,"bytes":7,"last":8}]}\
                """.formatted(site, until.toEpochMilli());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /// The metrics that a fleet server has once it has looked at a bucket.
    static Set<String> names(Path dir) throws Exception {
        FleetServerTest test = new FleetServerTest();
        test.dir = dir;
        test.fill();
        try (Bucket bucket = test.folder.open();
                Bucket logs = test.logs.open()) {
            test.server(bucket, logs).look();
            OpsServer.start(ListenAddress.parse("127.0.0.1:0"), test.registry, new Health())
                    .close();
        }
        return test.registry
                .scrape()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aSiteThatIsCurrentIsFreshOneThatHasDataToSendIsLateAndOneThatNeverCameIsDark() throws Exception {
        try (Bucket bucket = folder.open()) {
            server(bucket).look();
        }

        assertThat(registry.scrape().lines())
                .contains(
                        state("a", "fresh") + "1.0",
                        state("a", "late") + "0.0",
                        state("b", "late") + "1.0",
                        state("b", "dark") + "0.0",
                        state("ghost", "dark") + "1.0",
                        state("ghost", "fresh") + "0.0",
                        "edgeship_fleet_site_lag_objective_seconds{site=\"a\"} 21600.0",
                        "edgeship_fleet_site_lag_objective_seconds{site=\"ghost\"} 86400.0",
                        "edgeship_fleet_site_agent_info{site=\"b\",version=\"1.2.3-rc.1\"} 1",
                        "edgeship_fleet_site_clock_skew_seconds{site=\"b\"} 2.5",
                        "edgeship_fleet_site_backlog_bytes{site=\"b\"} 2000.0",
                        "edgeship_fleet_site_backlog_blocks{site=\"b\"} 1.0",
                        "edgeship_fleet_site_catch_up_seconds{site=\"a\"} 0.0",
                        "edgeship_fleet_site_window_coverage_ratio{hours_ago=\"00\",site=\"a\"} 0.0",
                        "edgeship_fleet_site_window_coverage_ratio{hours_ago=\"02\",site=\"a\"} 1.0",
                        "edgeship_fleet_site_window_coverage_ratio{hours_ago=\"46\",site=\"b\"} 0.0",
                        "edgeship_fleet_blocks 2.0",
                        "edgeship_fleet_sites 2.0",
                        "edgeship_fleet_inbox_items 1.0",
                        "edgeship_fleet_syncs_total 1.0");
        assertThat(registry.scrape())
                .doesNotContain("edgeship_fleet_site_catch_up_seconds{site=\"b\"}")
                .doesNotContain("edgeship_fleet_site_lag_seconds{site=\"ghost\"}");
        assertThat(secondsAgo("edgeship_fleet_inbox_oldest_timestamp_seconds")).isBetween(10_790.0, 10_900.0);
        assertThat(secondsAgo("edgeship_fleet_index_timestamp_seconds")).isBetween(17_990.0, 18_100.0);
    }

    @Test
    void aBucketThatCannotBeReadLeavesThePictureAsItWasAndIsToldByReadiness() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        try (Bucket bucket = FailingBucket.when(
                folder.open(),
                _ -> away.get(),
                FailingBucket.Moment.BEFORE,
                call -> new BucketException.Unavailable(call + ": the test", null))) {
            FleetServer server = server(bucket);
            assertThat(health.problems()).containsEntry("bucket", "the bucket was not read yet");
            server.look();
            assertThat(health.ready()).isTrue();
            String fresh = state("a", "fresh") + "1.0";
            assertThat(registry.scrape()).contains(fresh);

            away.set(true);
            server.look();
            assertThat(health.problems().get("bucket")).contains("the test");
            assertThat(registry.scrape())
                    .contains(fresh, "edgeship_fleet_sync_failures_total 1.0", "edgeship_fleet_syncs_total 1.0");

            away.set(false);
            server.look();
            assertThat(health.ready()).isTrue();
        }
    }

    @Test
    void pagesShowTheTableAndJsonFromTheFirstRequestOn() throws Exception {
        try (Bucket bucket = folder.open();
                HttpClient client = HttpClient.newHttpClient();
                OpsServer http = OpsServer.start(ListenAddress.parse("127.0.0.1:0"), registry, health)) {
            FleetServer server = server(bucket);
            server.addPages(http);
            assertThat(get(client, http, "/")).isEqualTo("the bucket was not read yet\n");
            assertThat(get(client, http, "/fleet.json")).contains("\"at\": 0", "\"sites\": []");

            server.look();

            assertThat(get(client, http, "/")).startsWith("SITE  DATA UNTIL").contains("\na ", "\nb ");
            assertThat(get(client, http, "/fleet.json"))
                    .contains("\"site\": \"ghost\"", "\"state\": \"dark\"", "\"lag_objective\": 86400000")
                    .contains("\"agent_versions\": [\n\t\t\t\t\"1.2.3-rc.1\"\n\t\t\t]", "\"state\": \"late\"");
        }
    }

    @Test
    void aSiteThatShipsOnlyLogsIsSeen() throws Exception {
        try (Bucket bucket = folder.open();
                Bucket ofLogs = logs.open();
                HttpClient client = HttpClient.newHttpClient();
                OpsServer http = OpsServer.start(ListenAddress.parse("127.0.0.1:0"), registry, health)) {
            FleetServer server = server(bucket, ofLogs);
            server.addPages(http);
            assertThat(health.problems()).containsKey("bucket of logs");

            server.look();

            assertThat(health.ready()).isTrue();
            assertThat(registry.scrape().lines())
                    .contains(
                            "edgeship_fleet_site_logs_state{site=\"quiet\",state=\"late\"} 1.0",
                            "edgeship_fleet_site_logs_state{site=\"quiet\",state=\"dark\"} 0.0",
                            "edgeship_fleet_site_logs_lag_objective_seconds{site=\"quiet\"} 43200.0",
                            "edgeship_fleet_site_logs_backlog_segments{site=\"quiet\"} 3.0",
                            "edgeship_fleet_site_logs_backlog_bytes{site=\"quiet\"} 4000.0",
                            "edgeship_fleet_logs_inbox_items 1.0")
                    .doesNotContain("edgeship_fleet_site_state{site=\"quiet\",state=\"dark\"} 1.0");
            assertThat(registry.scrape())
                    .contains("edgeship_fleet_site_logs_lag_seconds{site=\"a\"} 108")
                    .contains("edgeship_fleet_site_logs_state{site=\"a\",state=\"fresh\"} 1.0")
                    .doesNotContain("edgeship_fleet_site_logs_lag_seconds{site=\"quiet\"}");
            assertThat(secondsAgo("edgeship_fleet_logs_inbox_oldest_timestamp_seconds"))
                    .isBetween(14_390.0, 14_500.0);
            assertThat(get(client, http, "/")).contains("\nquiet  not known", "3h", "3 segments, 3.91 KiB");
            assertThat(get(client, http, "/fleet.json"))
                    .contains("\"logs\": [", "\"site\": \"quiet\"", "\"backlog_segments\": 3", "\"state\": \"late\"");
        }
    }

    @Test
    void aBucketOfLogsThatCannotBeReadIsToldAndHidesNoBlocks() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        try (Bucket bucket = folder.open();
                Bucket ofLogs = FailingBucket.when(
                        logs.open(),
                        _ -> away.get(),
                        FailingBucket.Moment.BEFORE,
                        call -> new BucketException.Unavailable(call + ": the test", null))) {
            FleetServer server = server(bucket, ofLogs);
            server.look();
            away.set(true);

            server.look();

            assertThat(health.problems()).containsOnlyKeys("bucket of logs");
            assertThat(registry.scrape().lines())
                    .contains(
                            "edgeship_fleet_syncs_total 2.0",
                            "edgeship_fleet_logs_sync_failures_total 1.0",
                            "edgeship_fleet_site_logs_backlog_segments{site=\"quiet\"} 3.0");
        }
    }

    private FleetServer server(Bucket bucket) throws Exception {
        return server(bucket, null);
    }

    private FleetServer server(Bucket bucket, @Nullable Bucket ofLogs) throws Exception {
        String yaml = """
                objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}
                fleet: {sites: [{site: ghost, lag_objective: 1d}, {site: quiet}]}
                """;
        CompactorConfig config = CompactorConfig.of(ConfigFile.parse("compactor.yaml", yaml, Map.of()), Path.of(""));
        FleetLogs fleetLogs = ofLogs == null
                ? null
                : new FleetLogs(ofLogs, config.fleet().goals(), new FleetLogsMetrics(registry.registry()), health);
        FleetServer server = new FleetServer(bucket, config, new FleetMetrics(registry.registry()), health, fleetLogs);
        servers.add(server);
        return server;
    }

    private void block(BlockId id, long minTime, long maxTime, String site) throws IOException {
        folder.block(id, BucketFolder.meta(id, minTime, maxTime, site), MINUTE);
    }

    private void heartbeat(String site, long backlogBytes) throws IOException {
        folder.heartbeat(
                BucketFolder.heartbeat(site)
                        .setAgentVersion("1.2.3-rc.1")
                        .setClockSkewMs(2_500)
                        .setBacklogItems(1)
                        .setBacklogBytes(backlogBytes)
                        .build(),
                MINUTE);
    }

    private static String state(String site, String state) {
        return "edgeship_fleet_site_state{site=\"%s\",state=\"%s\"} ".formatted(site, state);
    }

    private double secondsAgo(String metric) {
        double at = registry.scrape()
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow();
        return (double) Instant.now().getEpochSecond() - at;
    }

    private static String get(HttpClient client, OpsServer server, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
