package io.edgeship.it;

import com.fasterxml.jackson.jr.ob.JSON;
import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real Loki as a child process, single binary, on loopback.
final class LocalLoki implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int LINES_MAX = 100_000;

    private final Child process;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();

    private LocalLoki(Child process, String url) {
        this.process = process;
        this.url = url;
    }

    /// Returns once it takes what is pushed and answers what is asked.
    ///
    /// @param home of its files; what is there is gone on with
    /// @param yaml of its configuration, but for `server` and `common`
    static LocalLoki start(Path loki, Path home, String yaml) throws IOException, InterruptedException {
        return start(loki, home, LocalPrometheus.freePort(), yaml);
    }

    /// As above, on a port that others have been told.
    static LocalLoki start(Path loki, Path home, int http, String yaml) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path config = Files.writeString(
                home.resolve("loki.yaml"), """
                auth_enabled: true
                server:
                  http_listen_address: 127.0.0.1
                  http_listen_port: %d
                  grpc_listen_address: 127.0.0.1
                  grpc_listen_port: %d
                  log_level: warn
                common:
                  instance_addr: 127.0.0.1
                  path_prefix: %s
                  replication_factor: 1
                  ring: {kvstore: {store: inmemory}}
                analytics: {reporting_enabled: false}
                %s
                """.formatted(http, LocalPrometheus.freePort(), home, yaml));
        Child process = Child.start(
                "loki", home.resolve("loki.log"), List.of(loki.toString(), "-config.file=" + config), Map.of());
        LocalLoki started = new LocalLoki(process, "http://127.0.0.1:" + http);
        try {
            process.await("Loki to be ready", LIMIT, started::isReady);
            return started;
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    private boolean isReady() throws InterruptedException {
        return LocalPrometheus.answers(url + "/ready");
    }

    String url() {
        return url;
    }

    /// What it says of itself.
    String log() throws IOException {
        return process.output();
    }

    void push(List<LogLine> lines) throws IOException, InterruptedException {
        Map<String, Map<Map<String, String>, List<Object>>> byTenant = new LinkedHashMap<>();
        for (LogLine line : lines) {
            byTenant.computeIfAbsent(line.tenant(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(line.labels(), _ -> new ArrayList<>())
                    .add(List.of(Long.toString(line.timeNanos()), line.line(), line.metadata()));
        }
        for (var tenant : byTenant.entrySet()) {
            List<Object> streams = new ArrayList<>();
            tenant.getValue().forEach((labels, values) -> streams.add(Map.of("stream", labels, "values", values)));
            HttpRequest.Builder request = request("/loki/api/v1/push", tenant.getKey())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(Map.of("streams", streams))));
            var reply = client.send(request.build(), BodyHandlers.ofString());
            if (reply.statusCode() != 204) {
                throw new IOException("push answered %d: %s".formatted(reply.statusCode(), reply.body()));
            }
        }
    }

    /// Asks it to delete lines, which it does later.
    ///
    /// @param end a time, or empty for now
    void delete(String tenant, String query, String start, String end) throws IOException, InterruptedException {
        String path = "/loki/api/v1/delete?query=%s&start=%s%s"
                .formatted(URLEncoder.encode(query, StandardCharsets.UTF_8), start, end.isEmpty() ? "" : "&end=" + end);
        HttpRequest request =
                request(path, tenant).POST(HttpRequest.BodyPublishers.noBody()).build();
        var reply = client.send(request, BodyHandlers.ofString());
        if (reply.statusCode() != 204) {
            throw new IOException("%s answered %d: %s".formatted(path, reply.statusCode(), reply.body()));
        }
    }

    /// What it was asked to delete, as JSON.
    String deleteRequests(String tenant) throws IOException, InterruptedException {
        return client.send(request("/loki/api/v1/delete", tenant).build(), BodyHandlers.ofString())
                .body();
    }

    /// Finishes every chunk; returns once they are files.
    void flush() throws IOException, InterruptedException {
        HttpRequest flush = request("/flush", null)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        client.send(flush, BodyHandlers.discarding());
        process.await(
                "Loki to have written all chunks",
                LIMIT,
                () -> metric("loki_ingester_memory_chunks") == 0 && metric("loki_ingester_flush_queue_length") == 0);
    }

    private double metric(String name) throws IOException, InterruptedException {
        String metrics = client.send(request("/metrics", null).build(), BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(0);
    }

    /// Every line of a tenant in a range of time, which must not have more than a query may return.
    List<LogLine> lines(String tenant, long fromNanos, long toNanos) throws IOException, InterruptedException {
        String path = "/loki/api/v1/query_range?query=%s&start=%d&end=%d&limit=%d&direction=forward"
                .formatted(URLEncoder.encode("{app=~\".+\"}", StandardCharsets.UTF_8), fromNanos, toNanos, LINES_MAX);
        HttpRequest request = request(path, tenant)
                .header("X-Loki-Response-Encoding-Flags", "categorize-labels") // metadata apart from labels
                .build();
        try (InputStream body =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            Map<String, Object> answer = JSON.std.mapFrom(body);
            if (!"success".equals(answer.get("status")) || !(answer.get("data") instanceof Map<?, ?> data)) {
                throw new IOException(path + " answered " + answer);
            }
            List<LogLine> lines = new ArrayList<>();
            for (Object stream : list(data.get("result"))) {
                add(tenant, (Map<?, ?>) stream, lines);
            }
            return lines;
        }
    }

    private static void add(String tenant, Map<?, ?> stream, List<LogLine> lines) {
        Map<String, String> labels = texts(stream.get("stream"));
        for (Object value : list(stream.get("values"))) {
            List<?> parts = list(value);
            Object more = parts.size() > 2 ? ((Map<?, ?>) parts.get(2)).get("structuredMetadata") : null;
            lines.add(LogLine.of(
                    tenant,
                    labels,
                    Long.parseLong(String.valueOf(parts.get(0))),
                    String.valueOf(parts.get(1)),
                    texts(more)));
        }
    }

    private static Map<String, String> texts(@Nullable Object json) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
        }
        return texts;
    }

    private static List<?> list(@Nullable Object json) {
        return json instanceof List<?> values ? values : List.of();
    }

    private HttpRequest.Builder request(String path, @Nullable String tenant) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT);
        return tenant == null ? request : request.header("X-Scope-OrgID", tenant);
    }

    /// `kill -9`
    void kill() throws InterruptedException {
        process.kill();
        client.shutdownNow();
    }

    /// SIGTERM: finishes its chunks, if it is configured so.
    void stop() throws IOException, InterruptedException {
        process.terminate();
        process.awaitExit(LIMIT);
        client.shutdownNow();
    }

    @Override
    public void close() {
        try (process;
                client) {
            client.shutdownNow();
        }
    }
}
