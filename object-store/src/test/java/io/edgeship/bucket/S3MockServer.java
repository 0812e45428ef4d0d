package io.edgeship.bucket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Adobe's S3Mock: forgets aborted uploads and pages as S3 does, but checks no signatures. The jar is what
/// the system property `edgeship.s3mock.jar` names. Starts in about 10 s.
public final class S3MockServer implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private S3MockServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts on a free port with the bucket given.
    public static S3MockServer start(Path dataDir, String bucket) throws IOException {
        int port = ServerProcess.freePort();
        Path store = Files.createDirectories(dataDir.resolve("store"));
        ServerProcess process = ServerProcess.start(
                "edgeship.s3mock.jar",
                port,
                dataDir.resolve("s3mock.log"),
                List.of("-Xmx192m"),
                List.of(
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.http-port=" + port,
                        "--com.adobe.testing.s3mock.store.root=" + store,
                        "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket));
        return new S3MockServer(process, port);
    }

    /// `host:port`, as `endpoint` of an `objstore.yml`.
    public String endpoint() {
        return "127.0.0.1:" + port;
    }

    public String accessKey() {
        return "any";
    }

    public String secretKey() {
        return "any";
    }

    /// The `objstore.yml` that reaches `bucket` here.
    public String objstoreYaml(String bucket) {
        return S3Yaml.of(endpoint(), accessKey(), secretKey(), bucket);
    }

    @Override
    public void close() {
        process.close();
    }
}
