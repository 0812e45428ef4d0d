package io.edgeship.compact.logs;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Where the configuration of the central Loki is read.
public interface LokiConfigSource {
    /// What it says now.
    ///
    /// @throws IOException with the reason, if it cannot be read or is no configuration of a Loki
    CentralLoki read() throws IOException;

    /// The file that Loki is started with. Variables in it are not filled in.
    record File(Path file) implements LokiConfigSource {
        @Override
        public CentralLoki read() throws IOException {
            try {
                return CentralLoki.of(ConfigFile.read(file, Map.of()));
            } catch (ConfigException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    /// A running Loki, which says what is in force.
    ///
    /// @param url without a `/` at its end
    record Running(URI url) implements LokiConfigSource {
        private static final int TIMEOUT_MILLIS = 10_000;
        private static final int BYTES_MAX = 1 << 20;

        @Override
        public CentralLoki read() throws IOException {
            URI uri = URI.create(url + "/config");
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try {
                if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                    throw new IOException(uri + " answered " + connection.getResponseCode());
                }
                try (InputStream in = connection.getInputStream()) {
                    byte[] yaml = in.readNBytes(BYTES_MAX);
                    return CentralLoki.of(
                            ConfigFile.parse(uri.toString(), new String(yaml, StandardCharsets.UTF_8), Map.of()));
                }
            } catch (ConfigException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                connection.disconnect();
            }
        }
    }
}
