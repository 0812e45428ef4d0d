package io.edgeship.ship;

import io.edgeship.block.json.JsonObject;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Asks a Prometheus about itself.
public final class PrometheusApi {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int REPLY_BYTES_MAX = 16 << 20;

    private final String url;

    public PrometheusApi(String url) {
        this.url = url.replaceAll("/+$", "");
    }

    /// The labels under `global.external_labels` of the configuration that is in force.
    public SortedMap<String, String> externalLabels() throws IOException {
        return labels(status("config").requiredText("yaml"));
    }

    /// As `3.9.0`.
    public String version() throws IOException {
        return status("buildinfo").requiredText("version");
    }

    /// Every flag with its value, `storage.tsdb.path` for one.
    public Map<String, String> flags() throws IOException {
        return status("flags").textMap();
    }

    /// How long blocks are kept, in Prometheus' words: `15d`, `15d or 8GiB`; empty if it does not say.
    public String retention() throws IOException {
        return status("runtimeinfo").text("storageRetention").orElse("");
    }

    private JsonObject status(String what) throws IOException {
        URI uri = URI.create(url + "/api/v1/status/" + what);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answered " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                return JsonObject.parse(uri.toString(), in.readNBytes(REPLY_BYTES_MAX))
                        .object("data");
            }
        } finally {
            connection.disconnect();
        }
    }

    private SortedMap<String, String> labels(String yaml) throws IOException {
        try {
            ConfigFile config = ConfigFile.parse("configuration of " + url, yaml, Map.of());
            return new TreeMap<>(config.root().section("global").textMap("external_labels"));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
