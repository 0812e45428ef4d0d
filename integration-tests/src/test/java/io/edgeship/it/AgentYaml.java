package io.edgeship.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An agent's configuration for a test: site `it`, labels read from Prometheus, a scan a second.
final class AgentYaml {
    private AgentYaml() {}

    static Path write(Path file, Path dataDir, String prometheusUrl, Path objstore) throws IOException {
        return write(file, dataDir, prometheusUrl, objstore, "");
    }

    /// @param more keys
    static Path write(Path file, Path dataDir, String prometheusUrl, Path objstore, String more) throws IOException {
        return Files.writeString(file, """
                site: it
                sources:
                - {type: prometheus, path: '%s', url: "%s"}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                %s
                """.formatted(dataDir, prometheusUrl, objstore, more));
    }

    static Path directoryBucket(Path dir) throws IOException {
        return Files.writeString(
                dir.resolve("objstore.yml"),
                "type: FILESYSTEM\nconfig: {directory: '%s'}\n".formatted(dir.resolve("bucket")));
    }
}
