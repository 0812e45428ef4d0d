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

/// Asks a Prometheus for its external labels.
final class PrometheusApi {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int REPLY_BYTES_MAX = 16 << 20;

    private final String url;

    PrometheusApi(String url) {
        this.url = url.replaceAll("/+$", "");
    }

    /// The labels under `global.external_labels` of the configuration that is in force.
    SortedMap<String, String> externalLabels() throws IOException {
        URI uri = URI.create(url + "/api/v1/status/config");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answered " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                JsonObject reply = JsonObject.parse(uri.toString(), in.readNBytes(REPLY_BYTES_MAX));
                return labels(reply.object("data").requiredText("yaml"));
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
