package io.edgeship.it;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A real `thanos sidecar` beside a Prometheus, started as a page says.
///
/// @param endpoint where it serves the StoreAPI
record Sidecar(Child process, String endpoint) implements AutoCloseable {

    /// @param block with an object store it uploads at once, and then every thirty seconds; else it answers queries
    static Sidecar start(PageCommands page, PageBlock block, Path log, LocalPrometheus prometheus) throws IOException {
        String endpoint = "127.0.0.1:" + LocalPrometheus.freePort();
        String http = "127.0.0.1:" + LocalPrometheus.freePort();
        Map<String, String> variables = Map.of(
                "PROMETHEUS", prometheus.url(),
                "DATA", prometheus.dataDir().toString(),
                "MORE", "--grpc-address=%s --http-address=%s".formatted(endpoint, http));
        return new Sidecar(page.start(block, log, variables), endpoint);
    }

    @Override
    public void close() {
        process.close();
    }
}
