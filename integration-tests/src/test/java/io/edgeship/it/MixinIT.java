package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.BundledChunks;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.it.MixinDashboards.Dashboard;
import io.edgeship.it.MixinDashboards.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus scrapes a real agent, compactor and fleet server while they ship its own blocks: every panel of
/// the dashboards and every selector of the alerts finds data there.
class MixinIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /// With a sample, and therefore by its name and labels; what it is worth decides when an alert fires.
    private static final Pattern SELECTOR = Pattern.compile("\\bedgeship_[a-z0-9_]+(?:\\{[^}]*})?");

    /// Panels' queries that find nothing here, and why that is right.
    private static final Map<String, String> EMPTY =
            Map.of("compactor: How long a plan takes B", "windows of two hours are not over, so nothing was compacted");

    /// Counters and gauges of what goes wrong are there before anything did.
    private static final List<String> ZERO = List.of(
            "edgeship_compact_cycle_failures_total",
            "edgeship_compact_refused",
            "edgeship_compact_streams_failed",
            "edgeship_fleet_incomplete_blocks",
            "edgeship_fleet_no_compact_blocks",
            "edgeship_fleet_site_logs_losses",
            "edgeship_fleet_site_logs_missing_segments",
            "edgeship_fleet_site_losses",
            "edgeship_fleet_sync_failures_total",
            "edgeship_intake_rejected_total",
            "edgeship_logs_held_items",
            "edgeship_logs_rejected_total",
            "edgeship_logs_stopped",
            "edgeship_queue_evicted_items_total",
            "edgeship_queue_thinned_items_total",
            "edgeship_seal_rewrite_failures_total",
            "edgeship_ship_loss_records",
            "edgeship_ship_scan_failures_total");

    @TempDir
    private Path dir;

    @Test
    void everyPanelAndEveryAlertFindsDataWhereARealPrometheusScrapedOurPrograms() throws Exception {
        Path binary = Program.prometheus();
        int agentPort = LocalPrometheus.freePort();
        int compactorPort = LocalPrometheus.freePort();
        int fleetPort = LocalPrometheus.freePort();
        try (LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "mixin", "logs");
                LocalPrometheus prometheus = new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                        .externalLabel("replica", "a")
                        .scrape("agent", "127.0.0.1:" + agentPort)
                        .scrape("compactor", "127.0.0.1:" + compactorPort)
                        .scrape("fleet", "127.0.0.1:" + fleetPort)
                        .start()) {
            Path objstore = Files.writeString(dir.resolve("objstore.yml"), server.objstoreYaml("mixin"));
            Files.writeString(dir.resolve("logs.yml"), server.objstoreYaml("logs"));
            BundledChunks.unpack(dir.resolve("loki/chunks"));
            Path centre = centre(objstore, compactorPort, fleetPort);
            try (Child _ = EdgeshipProcess.agent(dir.resolve("agent.log"), site(prometheus, objstore, agentPort));
                    Child _ = EdgeshipProcess.compactor(dir.resolve("compactor.log"), centre);
                    Child fleet = fleetServer(centre)) {
                PrometheusApi api = new PrometheusApi(prometheus.url());
                fleet.await("a site that is fresh", LIMIT, () -> isFresh(api));
                findData(api, panelQueries());
                findData(api, alertSelectors());
                for (String metric : ZERO) {
                    assertThat(isFound(api, metric + " == 0")).as(metric).isTrue();
                    assertThat(isFound(api, metric + " != 0")).as(metric).isFalse();
                }
            }
        }
    }

    private static boolean isFresh(PrometheusApi api) throws IOException, InterruptedException {
        return isFound(api, "edgeship_fleet_site_state{site=\"it\",state=\"fresh\"} == 1")
                && isFound(api, "increase(edgeship_ship_blocks_total[10m]) > 0");
    }

    private Child fleetServer(Path config) throws IOException {
        return EdgeshipProcess.start(
                "fleet server",
                dir.resolve("fleet.log"),
                "io.edgeship.compact.CompactMain",
                List.of("-Xmx64m"),
                List.of("fleet", "--serve", "--config", config.toString()));
    }

    private Path site(LocalPrometheus prometheus, Path objstore, int port) throws IOException {
        return Files.writeString(dir.resolve("agent.yaml"), """
                site: it
                sources:
                - {type: prometheus, path: '%s', url: "%s"}
                - {type: loki, path: '%s', segment_interval: 1s}
                objstore: {file: '%s'}
                logs: {objstore: {file: logs.yml}}
                http: {listen: "127.0.0.1:%d"}
                scan_interval: 1s
                link: {budget: {daily: 10GiB, monthly: 100GiB}}
                """.formatted(
                        prometheus.dataDir(), prometheus.url(), dir.resolve("loki/chunks"), objstore, port));
    }

    private Path centre(Path objstore, int compactorPort, int fleetPort) throws IOException {
        Files.writeString(dir.resolve("loki.yaml"), """
                schema_config:
                  configs:
                  - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                """);
        return Files.writeString(dir.resolve("compactor.yaml"), """
                interval: 1s
                objstore: {file: '%s'}
                logs: {objstore: {file: logs.yml}, loki: {config_file: loki.yaml}}
                http: {listen: "127.0.0.1:%d"}
                fleet: {interval: 1s, http: {listen: "127.0.0.1:%d"}}
                """.formatted(objstore, compactorPort, fleetPort));
    }

    private record Query(String name, String text) {}

    private static List<Query> panelQueries() throws IOException {
        List<Query> queries = new ArrayList<>();
        Set<String> passedOver = new TreeSet<>();
        for (Dashboard dashboard : MixinDashboards.all()) {
            for (Panel panel : dashboard.panels()) {
                for (int i = 0; i < panel.queries().size(); i++) {
                    String name = panel.title() + " "
                            + MixinRules.text(panel.targets().get(i), "refId");
                    if (EMPTY.containsKey(name)) {
                        passedOver.add(name);
                    } else {
                        queries.add(new Query(name, panel.queries().get(i)));
                    }
                }
            }
        }
        assertThat(passedOver).as("each is a panel's").isEqualTo(EMPTY.keySet());
        return queries;
    }

    private static List<Query> alertSelectors() throws IOException {
        List<Query> selectors = new ArrayList<>();
        for (MixinRules.Alert alert : MixinRules.all()) {
            SELECTOR.matcher(alert.expression())
                    .results()
                    .forEach(match -> selectors.add(new Query(alert.name(), match.group())));
        }
        return selectors;
    }

    /// Each of them within the limit.
    private static void findData(PrometheusApi api, List<Query> queries) throws Exception {
        assertThat(queries).hasSizeGreaterThan(30);
        List<Query> waiting = new ArrayList<>(queries);
        Deadline.in(LIMIT).reached(() -> {
            for (Query query : List.copyOf(waiting)) {
                if (isFound(api, query.text())) {
                    waiting.remove(query);
                }
            }
            return waiting.isEmpty();
        });
        assertThat(waiting).as("queries that found nothing").isEmpty();
    }

    private static boolean isFound(PrometheusApi api, String query) throws IOException, InterruptedException {
        return api.answer(query, System.currentTimeMillis()).series() > 0;
    }
}
