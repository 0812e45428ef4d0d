package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.edgeship.it.Grafana;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the sidecar of Grafana's chart does with our ConfigMaps, done by hand to a real Grafana: it writes their files
/// into the folders that Grafana provisions from, and asks for a reload.
class GrafanaSidecarIT {
    /// Without which the charts refuse to render.
    private static final Map<String, String> REQUIRED = Map.of(
            "edgeship-central", "objstore: {existingSecret: thanos-objstore}\n",
            "edgeship-agent", "site: gh-1\ndata: {existingClaim: data}\nobjstore: {existingSecret: thanos-objstore}\n");

    private static final Map<String, String> EXPECTED = Map.of(
            "edgeship-agent", "Edgeship",
            "edgeship-compactor", "Edgeship",
            "edgeship-fleet", "Edgeship",
            "edgeship-link", "Edgeship");

    @TempDir
    private Path dir;

    @Test
    void theChartsDashboardsComeIntoTheirFolder() throws Exception {
        Path dashboards = Files.createDirectories(dir.resolve("dashboards"));
        Path provisioning = dir.resolve("provisioning");
        Files.createDirectories(provisioning.resolve("dashboards"));
        Files.writeString(provisioning.resolve("dashboards/sidecar.yaml"), provider(dashboards));
        try (Grafana grafana = Grafana.installed().start(dir.resolve("grafana"), provisioning, Map.of())) {
            assertThat(grafana.dashboards()).isEmpty();
            layDashboards(dashboards);
            grafana.post("/api/admin/provisioning/dashboards/reload", Map.of());
            assertThat(grafana.dashboards()).isEqualTo(EXPECTED);
            assertThat(grafana.complaints()).isEmpty();
        }
    }

    /// What the chart writes for its sidecar with `foldersFromFilesStructure`.
    private static String provider(Path dashboards) {
        return """
                apiVersion: 1
                providers:
                - name: sidecarProvider
                  type: file
                  allowUiUpdates: false
                  updateIntervalSeconds: 30
                  options: {foldersFromFilesStructure: true, path: '%s'}
                """.formatted(dashboards);
    }

    /// Of both charts, as where a hub has an agent too: what comes twice is one file.
    private static void layDashboards(Path dashboards) throws IOException {
        for (var required : REQUIRED.entrySet()) {
            Rendering rendering =
                    Chart.named(required.getKey()).renderValues(required.getValue() + "dashboards: {enabled: true}\n");
            for (Map<?, ?> map : labelled(rendering, "grafana_dashboard")) {
                String folder =
                        at(map, "metadata", "annotations", "grafana_folder").toString();
                lay(map, dashboards.resolve(folder));
            }
        }
    }

    /// With the values that helm.md names, its provider of dashboards and its own datasources, one of them the default.
    @Test
    void oursAreTakenBesideWhatKubePrometheusStackProvisions() throws Exception {
        Path values = Files.writeString(dir.resolve("values.yaml"), """
                grafana:
                  adminPassword: admin
                  sidecar: {dashboards: {folderAnnotation: grafana_folder, provider: {foldersFromFilesStructure: true}}}
                """);
        Rendering stack = UpstreamChartsTest.upstream("kube-prometheus-stack").render("kps", values);
        Path dashboards = Files.createDirectories(dir.resolve("dashboards"));
        Path provisioning = dir.resolve("provisioning");
        Files.createDirectories(provisioning.resolve("dashboards"));
        Files.writeString(
                provisioning.resolve("dashboards/provider.yaml"),
                stack.file("provider.yaml").replace("/tmp/dashboards", dashboards.toString()));
        Map<?, ?> own = labelled(stack, "grafana_datasource").getFirst();
        lay(own, provisioning.resolve("datasources"));
        lay(fragment(), provisioning.resolve("datasources"));
        layDashboards(dashboards);
        try (Grafana grafana = Grafana.installed().start(dir.resolve("grafana"), provisioning, Map.of())) {
            assertThat(grafana.dashboards()).isEqualTo(EXPECTED);
            assertThat(grafana.datasources()).containsKeys("prometheus", "edgeship-sites", "edgeship-logs");
            assertThat(grafana.datasources().values())
                    .filteredOn(each -> at(each, "isDefault").equals(true))
                    .extracting(each -> at(each, "uid"))
                    .containsExactly("prometheus");
            assertThat(grafana.complaints()).isEmpty();
        }
    }

    @Test
    void theFragmentsDatasourcesAreTakenAndAskedAsTheirTenant() throws Exception {
        Path provisioning = dir.resolve("provisioning");
        BlockingQueue<String> tenants = new LinkedBlockingQueue<>();
        HttpServer loki = loki(tenants);
        try (Grafana grafana = Grafana.installed().start(dir.resolve("grafana"), provisioning, Map.of())) {
            assertThat(grafana.datasources()).isEmpty();
            lay(fragment(), provisioning.resolve("datasources"));
            Path file = provisioning.resolve("datasources/edgeship.yaml");
            String here = "127.0.0.1:" + loki.getAddress().getPort();
            Files.writeString(file, Files.readString(file).replace("loki.monitoring.svc:3100", here));
            grafana.post("/api/admin/provisioning/datasources/reload", Map.of());
            Map<String, Map<?, ?>> datasources = grafana.datasources();
            assertThat(datasources).containsOnlyKeys("edgeship-sites", "edgeship-logs");
            assertThat(datasources.values()).allSatisfy(each -> {
                assertThat(at(each, "readOnly")).isEqualTo(true);
                assertThat(at(each, "access")).isEqualTo("proxy");
            });
            grafana.get("/api/datasources/proxy/uid/edgeship-logs/loki/api/v1/labels");
            assertThat(tenants).containsExactly("fleet");
            assertThat(grafana.complaints()).isEmpty();
        } finally {
            loki.stop(0);
        }
    }

    /// Answers everything, and keeps the tenants that it was asked as.
    private static HttpServer loki(BlockingQueue<String> tenants) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                tenants.add(
                        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Scope-OrgID"), "nobody"));
                byte[] body = "{\"status\":\"success\",\"data\":[]}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static Map<?, ?> fragment() {
        return (Map<?, ?>) Chart.parse(Chart.read(FragmentsTest.FRAGMENTS.resolve("centre/grafana-datasources.yaml")));
    }

    private static List<Map<?, ?>> labelled(Rendering rendering, String label) {
        return rendering.ofKind("ConfigMap").stream()
                .filter(map ->
                        at(map, "metadata", "labels") instanceof Map<?, ?> labels && "1".equals(labels.get(label)))
                .toList();
    }

    private static void lay(Map<?, ?> map, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var file : ((Map<?, ?>) at(map, "data")).entrySet()) {
            Files.writeString(
                    folder.resolve(file.getKey().toString()), file.getValue().toString());
        }
    }
}
