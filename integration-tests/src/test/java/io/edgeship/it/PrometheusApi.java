package io.edgeship.it;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// PromQL over HTTP, as Prometheus and Thanos' querier answer it.
final class PrometheusApi {
    private final String url;

    PrometheusApi(String url) {
        this.url = url;
    }

    /// Every sample that a query can answer from `minTime` (inclusive) to `maxTime` (exclusive), in milliseconds.
    Samples rawSamples(long minTime, long maxTime) throws IOException, InterruptedException {
        // One millisecond more at the left: the range of 3.x does not hold its left end, that of 2.x does.
        long rangeMillis = maxTime - minTime;
        return answer("{__name__=~\".+\"}[" + rangeMillis + "ms]", maxTime - 1).within(minTime, maxTime);
    }

    /// The answer to an instant query.
    Samples answer(String query, long atMillis) throws IOException, InterruptedException {
        return get("/api/v1/query", Map.of("query", query, "time", seconds(atMillis)));
    }

    /// The answer to a range query.
    Samples answer(String query, long startMillis, long endMillis, long stepMillis)
            throws IOException, InterruptedException {
        return get(
                "/api/v1/query_range",
                Map.of(
                        "query", query,
                        "start", seconds(startMillis),
                        "end", seconds(endMillis),
                        "step", seconds(stepMillis)));
    }

    /// Deletes the samples of the series that `selector` chooses, both ends inclusive; Prometheus runs with its admin
    /// API switched on.
    void deleteSeries(String selector, long startMillis, long endMillis) throws IOException, InterruptedException {
        String path = "/api/v1/admin/tsdb/delete_series";
        Map<String, String> parameters =
                Map.of("match[]", selector, "start", seconds(startMillis), "end", seconds(endMillis));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(post(path, parameters), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != HttpURLConnection.HTTP_NO_CONTENT) {
                throw new IOException(
                        "%s%s answered %d %s".formatted(url, path, response.statusCode(), response.body()));
            }
        }
    }

    private static String seconds(long millis) {
        return "%d.%03d".formatted(millis / 1000, millis % 1000);
    }

    private Samples get(String path, Map<String, String> parameters) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response =
                    client.send(post(path, parameters), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return parse(body, url + path + " " + parameters);
            }
        }
    }

    private HttpRequest post(String path, Map<String, String> parameters) {
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)))
                .build();
    }

    static Samples parse(InputStream json, String asked) throws IOException {
        Map<String, Object> answer = JSON.std.mapFrom(json);
        if (!"success".equals(answer.get("status")) || !List.of().equals(listOr(answer, "warnings"))) {
            answer.remove("data");
            throw new IOException(asked + " answered " + answer);
        }
        Samples samples = new Samples();
        for (Object series : list(map(answer.get("data")).get("result"))) {
            addSeries(map(series), samples);
        }
        return samples;
    }

    private static void addSeries(Map<String, Object> series, Samples samples) {
        Map<String, String> labels = new TreeMap<>();
        map(series.get("metric")).forEach((name, value) -> labels.put(name, String.valueOf(value)));
        List<Object> points = series.containsKey("value") ? List.of(series.get("value")) : list(series.get("values"));
        for (Object point : points) {
            List<Object> pair = list(point);
            long timeMillis = Math.round(Double.parseDouble(String.valueOf(pair.getFirst())) * 1000);
            double value = PromtoolDump.number(String.valueOf(pair.getLast()));
            samples.add(labels, Samples.Sample.of(timeMillis, value));
        }
    }

    private static Object listOr(Map<String, Object> answer, String key) {
        return answer.getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked") // what the API's documentation says stands there
    private static Map<String, Object> map(@Nullable Object json) {
        return (Map<String, Object>) Objects.requireNonNull(json, "an object is missing in the answer");
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object json) {
        return (List<Object>) Objects.requireNonNull(json, "a list is missing in the answer");
    }
}
