package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.queue.Item;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels come from the configuration, or else from Prometheus, which may not be up yet.
class ExternalLabelsTest {
    @TempDir
    private Path dir;

    private DataDirectory data;
    private HttpServer prometheus;
    private volatile String configuration = "";

    @BeforeEach
    void start() throws IOException {
        data = DataDirectory.create(dir);
        prometheus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        prometheus.createContext("/api/v1/status/config", exchange -> {
            try (exchange) {
                byte[] reply = configuration.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(reply.length == 0 ? 503 : 200, reply.length == 0 ? -1 : reply.length);
                exchange.getResponseBody().write(reply);
            }
        });
        prometheus.start();
    }

    @AfterEach
    void stop() {
        prometheus.stop(0);
    }

    @Test
    void blocksWaitUnsealedUntilPrometheusHasAnsweredOnce() throws IOException {
        data.cut(A);
        try (PrometheusSource source = open(Map.of())) {
            source.scan();
            assertThat(source.spool().incoming()).hasSize(1);
            assertThat(source.held().get(A)).contains("labels are not known yet");

            labels("{replica: a}");
            source.scan();
            assertThat(labelsOf(source, A)).isEqualTo(Map.of("replica", "a", "site", "it"));
            assertThat(source.held()).isEmpty();
        }
    }

    @Test
    void theLastAnswerServesWhilePrometheusIsDownAndOverARestart() throws IOException {
        labels("{replica: a}");
        data.cut(A);
        try (PrometheusSource source = open(Map.of())) {
            source.scan();
        }
        configuration = "";
        data.cut(B);
        try (PrometheusSource source = open(Map.of())) {
            source.scan();
            assertThat(labelsOf(source, B)).isEqualTo(Map.of("replica", "a", "site", "it"));
        }
    }

    @Test
    void aBlockKeepsTheLabelsItWasSealedWith() throws IOException {
        labels("{replica: a}");
        data.cut(A);
        try (PrometheusSource source = open(Map.of())) {
            source.scan();
            labels("{replica: b}");
            data.cut(B);
            source.scan();
            assertThat(labelsOf(source, A)).containsEntry("replica", "a");
            assertThat(labelsOf(source, B)).containsEntry("replica", "b");
        }
    }

    @Test
    void configuredLabelsWinAndPrometheusIsNotAsked() throws IOException {
        data.cut(A);
        try (PrometheusSource source = open(Map.of("replica", "mine"))) {
            source.scan();
            assertThat(labelsOf(source, A)).isEqualTo(Map.of("replica", "mine", "site", "it"));
        }
    }

    @Test
    void whereTheLabelsNameTheSiteNothingIsAdded() throws IOException {
        labels("{site: old-name, replica: a}");
        data.cut(A);
        try (PrometheusSource source = open(Map.of())) {
            source.scan();
            assertThat(labelsOf(source, A)).isEqualTo(Map.of("replica", "a", "site", "old-name"));
        }
    }

    @Test
    void damagedKeptLabelsCountAsNone() throws IOException {
        data.cut(A);
        try (PrometheusSource source = open(Map.of())) {
            source.spool().keep("labels.json", "{".getBytes(StandardCharsets.US_ASCII));
            source.scan();
            assertThat(source.spool().incoming()).hasSize(1);
            labels("{replica: a}");
            source.scan();
            assertThat(labelsOf(source, A)).containsEntry("replica", "a");
        }
    }

    private void labels(String yaml) {
        configuration = """
                {"status": "success", "data": {"yaml": "global:\\n  scrape_interval: 1s\\n  external_labels: %s\\n"}}""".formatted(yaml);
    }

    private PrometheusSource open(Map<String, String> configured) throws IOException {
        String url = "http://127.0.0.1:" + prometheus.getAddress().getPort() + "/";
        SourceConfig config = new SourceConfig(
                dir, Optional.of(url), new TreeMap<>(configured), 0, dir.resolve("edgeship-spool"), new Backfill.All());
        return PrometheusSource.open(config, "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    private static Map<String, String> labelsOf(PrometheusSource source, BlockId id) throws IOException {
        Item item = source.spool().ready().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        ThanosMeta thanos = Objects.requireNonNull(item.meta().thanos());
        return thanos.labels();
    }
}
