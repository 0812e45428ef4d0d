package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.it.Grafana;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart with real programs instead of images: `check` asks Grafana's proxies, and passes. Where no Grafana is
/// named, it asks a stand-in with the datasources that Grafana would be provisioned with. Four minutes.
class QuickstartIT {
    private static final Duration LIMIT = Duration.ofMinutes(9);

    @TempDir
    private Path dir;

    @Test
    void metricsAndLinesOfTheSiteAreAnsweredAtTheCentre() throws Exception {
        Map<String, Path> programs = Map.of(
                "prometheus", Peer.named("EDGESHIP_PROMETHEUS"),
                "loki", Peer.named("EDGESHIP_LOKI"),
                "thanos", Peer.named("EDGESHIP_THANOS"),
                "minio", Peer.named("EDGESHIP_MINIO"),
                "curl", Path.of("curl"));
        try (LocalCompose compose = new LocalCompose(Compose.quickstart(), dir, programs)) {
            for (String service : List.of(
                    "s3",
                    "prometheus",
                    "loki",
                    "central-loki",
                    "lines",
                    "compactor",
                    "fleet",
                    "agent",
                    "thanos-store",
                    "thanos-query")) {
                assertThat(compose.start(service).isAlive()).isTrue();
            }
            if (Grafana.isNamed()) {
                passesBeforeGrafana(compose);
            } else {
                String datasources =
                        compose.addresses(Chart.read(Compose.QUICKSTART.resolve("grafana/datasources.yaml")));
                try (GrafanaProxy standIn = new GrafanaProxy(datasources)) {
                    passes(standIn.url());
                }
            }
        }
    }

    private void passesBeforeGrafana(LocalCompose compose) throws Exception {
        Path provisioning = compose.lay("grafana").resolve("etc/grafana/provisioning");
        Map<String, String> environment =
                Compose.quickstart().service("grafana").environment();
        try (Grafana grafana = Grafana.installed().start(dir.resolve("grafana"), provisioning, environment)) {
            passes(grafana.url());
            assertThat(grafana.dashboards())
                    .containsOnlyKeys("edgeship-agent", "edgeship-compactor", "edgeship-fleet", "edgeship-link")
                    .containsValue("Edgeship");
            assertThat(grafana.datasources()).containsOnlyKeys("live", "logs", "thanos");
            for (String uid : grafana.datasources().keySet()) {
                assertThat(at(grafana.get("/api/datasources/uid/" + uid + "/health"), "status"))
                        .as(uid)
                        .isEqualTo("OK");
            }
            Deadline.in(LIMIT)
                    .await("the site among the choices of the agent's dashboard", () -> offersTheSite(grafana));
            assertThat(grafana.complaints()).isEmpty();
        }
    }

    /// What came with the site's blocks has its name.
    private static boolean offersTheSite(Grafana grafana) throws IOException, InterruptedException {
        Object answer = grafana.get(
                "/api/datasources/uid/thanos/resources/api/v1/label/site/values?match%5B%5D=edgeship_ready");
        return at(answer, "data").equals(List.of("quickstart"));
    }

    private void passes(String grafana) throws Exception {
        try (Child check = Child.start(
                "check",
                dir.resolve("check.log"),
                List.of(Compose.QUICKSTART.resolve("check").toString(), grafana),
                Map.of("CHECK_WAIT", "480"))) {
            assertThat(check.awaitExit(LIMIT)).as(check.output()).isZero();
            assertThat(check.output()).endsWith("PASS\n");
        }
    }
}
