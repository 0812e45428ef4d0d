package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.edgeship.block.BlockId;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.ship.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One agent ships blocks and log chunks, each to a bucket of its own.
class LogsAgentTest {
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final Path GOLDEN = Path.of("../block-format/src/test/resources/golden/loki-3.7.6/whole");

    @TempDir
    Path dir;

    private AgentConfig config(String logsBucket) throws Exception {
        return config(logsBucket, 9);
    }

    private AgentConfig config(String logsBucket, int lokiPort) throws Exception {
        DataDirectory data = DataDirectory.create(dir.resolve("data"));
        data.cut(A);
        copyChunks();
        String yaml = """
                site: it
                sources:
                - {type: prometheus, path: '%s'}
                - {type: loki, path: loki/chunks, url: 'http://127.0.0.1:%d'}
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                logs: {objstore: {config: {%s}}}
                http: {listen: 127.0.0.1:0}
                """.formatted(data.dir(), lokiPort, dir.resolve("bucket"), logsBucket);
        return AgentConfig.of(ConfigFile.parse("agent.yaml", yaml, Map.of()), dir);
    }

    private void copyChunks() throws IOException {
        for (Path chunk : files(GOLDEN)) {
            if (chunk.toString().endsWith("=")) {
                Path target = dir.resolve("loki/chunks").resolve(GOLDEN.relativize(chunk));
                Files.createDirectories(target.getParent());
                Files.copy(chunk, target);
            }
        }
    }

    private static List<Path> files(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void blocksAndChunksComeIntoBucketsOfTheirOwn() throws Exception {
        Path logs = dir.resolve("logs-bucket");
        try (Agent agent = Agent.open(
                config("type: FILESYSTEM, config: {directory: '%s'}".formatted(logs)), UploadProgress.NONE)) {
            assertThat(agent.once(Duration.ZERO)).isTrue();
        }
        assertThat(dir.resolve("bucket").resolve(A.toString()).resolve("meta.json"))
                .isRegularFile();
        assertThat(files(logs.resolve("fleet"))).hasSize(6);
        assertThat(files(logs.resolve("edgeship/inbox")))
                .singleElement()
                .satisfies(manifest -> assertThat(manifest.toString()).endsWith("manifest.pb"));
        assertThat(files(logs.resolve("edgeship/sites")))
                .as("a heartbeat of the logs' spool")
                .hasSize(1);
        assertThat(files(dir.resolve("bucket/fleet"))).isEmpty();
    }

    @Test
    void theCentreIsToldWhatTheLokiWasAskedToDelete() throws Exception {
        HttpServer loki = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        loki.createContext("/loki/api/v1/delete", exchange -> {
            byte[] page = """
                    [{"request_id": "a", "start_time": 1, "end_time": 2.5, "created_at": 3, "query": "{app=\\"x\\"}",
                      "status": "processed"}]""".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        loki.start();
        try {
            Path logs = dir.resolve("logs-bucket");
            AgentConfig config = config(
                    "type: FILESYSTEM, config: {directory: '%s'}".formatted(logs),
                    loki.getAddress().getPort());
            try (Agent agent = Agent.open(config, UploadProgress.NONE)) {
                assertThat(agent.once(Duration.ZERO)).isTrue();
            }
            assertThat(files(logs.resolve("edgeship/sites")))
                    .filteredOn(file -> file.endsWith("delete-requests.jsonl"))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readAllLines(file))
                            .hasSize(2)
                            .allSatisfy(line -> assertThat(line).contains("by_hand", "1970-01-01T00:00:02.500Z")));
        } finally {
            loki.stop(0);
        }
    }

    @Test
    void aBucketOfLogsThatFailsKeepsNoBlockWaiting() throws Exception {
        try (Agent agent = Agent.open(config("""
                type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, region: r, \
                access_key: a, secret_key: s, max_retries: 0}"""), UploadProgress.NONE)) {
            assertThat(agent.once(Duration.ZERO)).isFalse();
        }
        assertThat(dir.resolve("bucket").resolve(A.toString()).resolve("meta.json"))
                .isRegularFile();
    }
}
