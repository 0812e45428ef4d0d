package io.edgeship.ship.loki;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import io.edgeship.runtime.config.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a running Loki about itself.
public final class LokiApi {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int REPLY_BYTES_MAX = 16 << 20;
    private static final String FILESYSTEM = "filesystem";
    private static final Duration SWEEP_SLACK = Duration.ofMinutes(1);
    private static final Pattern GAUGE =
            Pattern.compile("(?m)^(loki_ingester_(?:flush_queue_length|memory_chunks))(?:\\{[^}]*})? (\\S+)$");

    private final String url;

    public LokiApi(String url) {
        this.url = url.replaceAll("/+$", "");
    }

    /// What is in force.
    ///
    /// @param chunkRoot  where chunks are written; empty where they go to no directory
    /// @param periods    of the schema, as `2024-01-01 tsdb v13 filesystem`
    /// @param chunkDelay the longest that a live line stays in memory
    /// @param retention  after which chunks are deleted; empty where they never are
    public record Facts(
            Optional<Path> chunkRoot, List<String> periods, Duration chunkDelay, Optional<Duration> retention) {}

    /// Reads `/config`: the file that Loki was started with may say something else than what is in force.
    public Facts facts() throws IOException {
        String yaml = new String(call("GET", "/config"), StandardCharsets.UTF_8);
        try {
            return facts(
                    ConfigFile.parse("configuration of " + url, yaml, Map.of()).root());
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Facts facts(ConfigSection root) throws ConfigException {
        List<String> periods = new ArrayList<>();
        String newest = "";
        for (ConfigSection period : root.section("schema_config").sections("configs")) {
            newest = period.text("object_store", "");
            periods.add("%s %s %s %s"
                    .formatted(
                            period.text("from", "?"), period.text("store", "?"), period.text("schema", "?"), newest));
        }
        Optional<Path> chunkRoot = newest.equals(FILESYSTEM) ? chunkRoot(root) : Optional.empty();
        return new Facts(chunkRoot, periods, delay(root.section("ingester")), retention(root));
    }

    /// A Loki that uses the newer storage clients ignores the older keys, though it still prints them.
    private static Optional<Path> chunkRoot(ConfigSection root) throws ConfigException {
        ConfigSection storage = root.section("storage_config");
        boolean thanos = storage.flag("use_thanos_objstore", false);
        String directory = thanos
                ? storage.section("object_store").section(FILESYSTEM).text("dir", "")
                : storage.section(FILESYSTEM).text("directory", "");
        if (directory.isEmpty() && thanos) {
            return Optional.of(Path.of("")); // its working directory
        }
        return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
    }

    private static Duration delay(ConfigSection ingester) throws ConfigException {
        Duration sweep = duration(ingester, "flush_check_period", "30s");
        return duration(ingester, "max_chunk_age", "2h")
                .plus(duration(ingester, "chunk_idle_period", "30m"))
                .plus(sweep.multipliedBy(2))
                .plus(SWEEP_SLACK);
    }

    private static Optional<Duration> retention(ConfigSection root) throws ConfigException {
        Duration period = duration(root.section("limits_config"), "retention_period", "0s");
        boolean deletes = root.section("compactor").flag("retention_enabled", false);
        return Optional.of(period).filter(time -> deletes && time.isPositive());
    }

    /// Go prints `2h0m0s`, and of days `31d`.
    private static Duration duration(ConfigSection section, String key, String fallback) throws ConfigException {
        String text = section.text(key, fallback).replaceAll("(?<=[hm])0[ms](?!\\d)", "");
        try {
            return Duration.parse("PT" + text.replaceAll("\\s", ""));
        } catch (DateTimeParseException e) {
            return days(text).orElseGet(() -> Durations.parse(fallback));
        }
    }

    /// What it was asked to delete, and lists still.
    ///
    /// @throws IOException also if it takes no delete requests
    List<DeleteRequest> deleteRequests(String tenant) throws IOException {
        byte[] list = call("GET", "/loki/api/v1/delete", Optional.of(tenant));
        return DeleteRequest.parse(url + "/loki/api/v1/delete", tenant, list);
    }

    private static Optional<Duration> days(String text) {
        try {
            return Optional.of(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Asks Loki to write every chunk that it holds. It does so afterwards: see [#isFlushed].
    public void flush() throws IOException {
        call("POST", "/flush");
    }

    /// Whether nothing is left to be written.
    public boolean isFlushed() throws IOException {
        Matcher gauges = GAUGE.matcher(new String(call("GET", "/metrics"), StandardCharsets.UTF_8));
        int found = 0;
        while (gauges.find()) {
            found++;
            if (Double.parseDouble(gauges.group(2)) != 0) {
                return false;
            }
        }
        return found > 0;
    }

    private byte[] call(String method, String path) throws IOException {
        return call(method, path, Optional.empty());
    }

    private byte[] call(String method, String path, Optional<String> tenant) throws IOException {
        URI uri = URI.create(url + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod(method);
        tenant.ifPresent(name -> connection.setRequestProperty("X-Scope-OrgID", name));
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_NO_CONTENT) {
                throw new IOException("%s %s answered %d".formatted(method, uri, status));
            }
            try (InputStream in = connection.getInputStream()) {
                return in.readNBytes(REPLY_BYTES_MAX);
            }
        } finally {
            connection.disconnect();
        }
    }
}
