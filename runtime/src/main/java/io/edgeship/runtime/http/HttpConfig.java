package io.edgeship.runtime.http;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.nio.file.Path;
import java.util.Optional;

/// The section `http` of a process's configuration.
///
/// @param webConfigFile TLS, basic auth and headers in the exporter-toolkit's format; empty for none of them
public record HttpConfig(ListenAddress listen, Optional<Path> webConfigFile) {
    /// @param directory that a relative file name is meant from
    public static HttpConfig from(ConfigSection http, Path directory, String listenFallback) throws ConfigException {
        ListenAddress listen = ListenAddress.from(http, listenFallback);
        return new HttpConfig(
                listen,
                http.text("web_config_file").filter(name -> !name.isEmpty()).map(directory::resolve));
    }
}
