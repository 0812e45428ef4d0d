package io.edgeship.it;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A real `thanos sidecar` beside a Prometheus.
///
/// @param endpoint where it serves the StoreAPI
record Sidecar(Child process, String endpoint) implements AutoCloseable {

    /// Uploads at once, and then every thirty seconds.
    static Sidecar uploading(Path thanos, Path log, LocalPrometheus prometheus, Path objstore) throws IOException {
        return start(thanos, log, prometheus, Optional.of("--objstore.config-file=" + objstore));
    }

    /// Only answers queries.
    static Sidecar serving(Path thanos, Path log, LocalPrometheus prometheus) throws IOException {
        return start(thanos, log, prometheus, Optional.empty());
    }

    private static Sidecar start(Path thanos, Path log, LocalPrometheus prometheus, Optional<String> objstore)
            throws IOException {
        String endpoint = "127.0.0.1:" + LocalPrometheus.freePort();
        List<String> words = new ArrayList<>(List.of(
                thanos.toString(),
                "sidecar",
                "--prometheus.url=" + prometheus.url(),
                "--tsdb.path=" + prometheus.dataDir(),
                "--grpc-address=" + endpoint,
                "--http-address=127.0.0.1:" + LocalPrometheus.freePort()));
        objstore.ifPresent(words::add);
        return new Sidecar(Child.start("thanos sidecar", log, words, Map.of()), endpoint);
    }

    @Override
    public void close() {
        process.close();
    }
}
