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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A real `thanos store` and `thanos query` on a bucket. Blocks marked for deletion are not read.
final class ThanosReader implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Child store;
    private final Child query;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();

    private ThanosReader(Child store, Child query, String url) {
        this.store = store;
        this.query = query;
        this.url = url;
    }

    /// Returns once the querier reads from the store, which then has read the bucket.
    ///
    /// @param home of their logs and files; it is made
    static ThanosReader start(Path thanos, Path objstore, Path home) throws IOException, InterruptedException {
        return start(
                thanos,
                objstore,
                home,
                (store, more) -> child(home, thanos, "query", "--endpoint=" + store, more[0], more[1]));
    }

    /// How a querier is started.
    @FunctionalInterface
    interface Querier {
        /// @param store the store gateway's address
        /// @param more  its own addresses, two flags
        Child start(String store, String... more) throws IOException;
    }

    /// As above, with another querier.
    static ThanosReader start(Path thanos, Path objstore, Path home, Querier querier)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        int grpc = LocalPrometheus.freePort();
        int http = LocalPrometheus.freePort();
        Child store = child(
                home,
                thanos,
                "store",
                "--data-dir=" + home.resolve("data"),
                "--objstore.config-file=" + objstore,
                "--grpc-address=127.0.0.1:" + grpc,
                "--http-address=127.0.0.1:" + LocalPrometheus.freePort(),
                "--ignore-deletion-marks-delay=0s",
                "--consistency-delay=0s",
                "--sync-block-duration=1s");
        Child query = querier.start(
                "127.0.0.1:" + grpc,
                "--grpc-address=127.0.0.1:" + LocalPrometheus.freePort(),
                "--http-address=127.0.0.1:" + http);
        ThanosReader reader = new ThanosReader(store, query, "http://127.0.0.1:" + http);
        try {
            store.await("the store to find the querier", LIMIT, () -> query.isAlive() && reader.reads());
            return reader;
        } catch (IOException | InterruptedException e) {
            reader.close();
            throw e;
        }
    }

    private static Child child(Path home, Path thanos, String command, String... flags) throws IOException {
        List<String> words = new ArrayList<>(List.of(thanos.toString(), command));
        words.addAll(List.of(flags));
        return Child.start("thanos " + command, home.resolve(command + ".log"), words, Map.of());
    }

    /// The querier's.
    String url() {
        return url;
    }

    private boolean reads() throws IOException, InterruptedException {
        return LocalPrometheus.answers(url + "/-/ready") && !values("__name__").isEmpty();
    }

    /// The values of a label, in all blocks.
    List<String> values(String label) throws IOException, InterruptedException {
        try (InputStream body = get("/api/v1/label/" + label + "/values", Map.of("start", "0", "end", "9999999999"))) {
            Object data = JSON.std.mapFrom(body).get("data");
            return data instanceof List<?> values
                    ? values.stream().map(String::valueOf).toList()
                    : List.of();
        }
    }

    /// The names of all labels but of the metric's own.
    List<String> labelNames() throws IOException, InterruptedException {
        try (InputStream body = get("/api/v1/labels", Map.of("start", "0", "end", "9999999999"))) {
            Object data = JSON.std.mapFrom(body).get("data");
            return data instanceof List<?> names
                    ? names.stream()
                            .map(String::valueOf)
                            .filter(name -> !name.equals("__name__"))
                            .toList()
                    : List.of();
        }
    }

    /// The answer to an instant query.
    ///
    /// @param resolution the coarsest downsampled blocks that may be read; zero for raw ones only
    Answer answer(String promQl, long atMillis, Duration resolution) throws IOException, InterruptedException {
        return answer("/api/v1/query", promQl, resolution, Map.of("time", seconds(atMillis)));
    }

    /// The answer to a range query, its steps as wide as the resolution.
    Answer answer(String promQl, long startMillis, long endMillis, Duration resolution)
            throws IOException, InterruptedException {
        return answer(
                "/api/v1/query_range",
                promQl,
                resolution,
                Map.of(
                        "start", seconds(startMillis),
                        "end", seconds(endMillis),
                        "step", String.valueOf(resolution.toSeconds())));
    }

    private Answer answer(String path, String promQl, Duration resolution, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> parameters = new TreeMap<>(more);
        parameters.put("query", promQl);
        parameters.put("dedup", "false");
        parameters.put("partial_response", "false");
        parameters.put("max_source_resolution", resolution.toSeconds() + "s");
        try (InputStream body = get(path, parameters)) {
            return Answer.parse(body, promQl + " of " + more + " at most at " + resolution);
        }
    }

    private static String seconds(long millis) {
        return "%d.%03d".formatted(millis / 1000, millis % 1000);
    }

    private InputStream get(String path, Map<String, String> parameters) throws IOException, InterruptedException {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        URI uri = URI.create(url + path + "?" + String.join("&", pairs));
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    @Override
    public void close() {
        try (store;
                query;
                client) {
            client.shutdownNow();
        }
    }
}
