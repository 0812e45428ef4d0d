package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running Loki says decides, not what its file says.
class RunningLokiTest {
    private static final String SCHEMA = """
            schema_config:
              configs:
              - {from: "2024-01-01", store: tsdb, object_store: filesystem, schema: v13}
            ingester: {max_chunk_age: 1h30m0s, chunk_idle_period: 15m0s, flush_check_period: 30s}
            """;

    @TempDir
    Path dir;

    private LokiSite site;
    private HttpServer server;
    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final AtomicInteger flushes = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        site = new LokiSite(dir);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/flush") && exchange.getRequestMethod().equals("POST")) {
                flushes.incrementAndGet();
                exchange.sendResponseHeaders(204, -1);
            } else {
                byte[] page = pages.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(page.length == 0 ? 404 : 200, page.length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(page);
                }
            }
            exchange.close();
        });
        server.start();
        site.url =
                Optional.of("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void says(String storage) {
        pages.put("/config", SCHEMA + storage);
    }

    @Test
    void aLokiThatWritesElsewhereStopsTheSourceAndBothPlacesAreNamed() throws IOException {
        says("storage_config: {use_thanos_objstore: false, filesystem: {directory: /elsewhere/chunks}}");
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            assertThat(source.scan()).singleElement().asString().contains("/elsewhere/chunks", site.root.toString());
            assertThat(source.stopped()).isPresent();
            assertThat(source.spool().incoming()).isEmpty();
            says("storage_config: {use_thanos_objstore: false, filesystem: {directory: '%s'}}".formatted(site.root));
            site.nanos += Duration.ofHours(1).toNanos();
            assertThat(source.scan()).isEmpty();
            assertThat(source.stopped()).isEmpty();
            assertThat(source.spool().ready()).hasSize(1);
        }
    }

    @Test
    void theNewerStorageClientsIgnoreTheOlderKey() throws IOException {
        says("storage_config: {use_thanos_objstore: true, filesystem: {directory: '%s'}}".formatted(site.root));
        try (LokiSource source = site.open()) {
            assertThat(source.scan()).singleElement().asString().contains("working directory", site.root.toString());
        }
        says("""
                storage_config:
                  use_thanos_objstore: true
                  object_store: {filesystem: {dir: '%s'}}
                """.formatted(site.root));
        try (LokiSource source = site.open()) {
            assertThat(source.scan()).isEmpty();
        }
    }

    @Test
    void aLokiThatKeepsItsChunksInABucketIsNotShippedFrom() throws IOException {
        pages.put("/config", SCHEMA.replace("object_store: filesystem", "object_store: s3"));
        try (LokiSource source = site.open()) {
            assertThat(source.scan()).singleElement().asString().contains("no directory", "2024-01-01 tsdb v13 s3");
        }
    }

    @Test
    void aLokiThatIsDownKeepsNoChunkWaiting() throws IOException {
        server.stop(0);
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            assertThat(source.scan()).isEmpty();
            assertThat(source.spool().ready()).hasSize(1);
        }
    }

    @Test
    void aSegmentSaysUpToWhenItIsComplete() throws IOException {
        says("storage_config: {use_thanos_objstore: false, filesystem: {directory: '%s'}}".formatted(site.root));
        site.writeAll("whole");
        try (LokiSource source = site.open()) {
            source.sealAtOnce();
            source.scan();
            site.ship(source);
            assertThat(site.manifest(source, 1).getLogSegment().getCompleteThroughMs())
                    .isEqualTo(site.now.minus(Duration.ofMinutes(105 + 2)).toEpochMilli());
        }
    }

    @Test
    void aFlushComesBeforeTheSealAndIsWaitedFor() throws IOException {
        says("storage_config: {use_thanos_objstore: false, filesystem: {directory: '%s'}}".formatted(site.root));
        pages.put("/metrics", "loki_ingester_memory_chunks 3\nloki_ingester_flush_queue_length 1\n");
        site.flush = true;
        site.write(LokiSite.golden("whole").get(0));
        try (LokiSource source = site.open()) {
            source.scan();
            site.now = site.now.plus(Duration.ofHours(2));
            source.scan();
            source.scan();
            assertThat(flushes).hasValue(1);
            assertThat(source.spool().ready()).isEmpty();
            site.write(LokiSite.golden("whole").get(1));
            pages.put("/metrics", "loki_ingester_memory_chunks 0\nloki_ingester_flush_queue_length 0\n");
            source.scan();
            assertThat(source.spool().ready()).hasSize(1);
            site.ship(source);
            assertThat(site.manifest(source, 1).getFilesList()).hasSize(2);
        }
    }
}
