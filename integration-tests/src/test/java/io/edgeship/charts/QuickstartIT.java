package io.edgeship.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart with real programs instead of images, all but Grafana: `check` asks a stand-in for its proxies, with
/// the
/// datasources that it is provisioned with, and passes. Three minutes.
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
            String datasources = compose.addresses(Chart.read(Compose.QUICKSTART.resolve("grafana/datasources.yaml")));
            try (GrafanaProxy grafana = new GrafanaProxy(datasources);
                    Child check = Child.start(
                            "check",
                            dir.resolve("check.log"),
                            List.of(Compose.QUICKSTART.resolve("check").toString(), grafana.url()),
                            Map.of("CHECK_WAIT", "480"))) {
                assertThat(check.awaitExit(LIMIT)).as(check.output()).isZero();
                assertThat(check.output()).endsWith("PASS\n");
            }
        }
    }
}
