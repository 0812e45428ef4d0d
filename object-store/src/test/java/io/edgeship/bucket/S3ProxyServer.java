package io.edgeship.bucket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// S3Proxy over a directory: signatures are checked, conditional puts are atomic. The jar is what the
/// system property `edgeship.s3proxy.jar` names. Starts in about 1.5 s.
public final class S3ProxyServer implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private S3ProxyServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts on a free port; buckets are the directories of `dataDir/buckets`.
    public static S3ProxyServer start(Path dataDir) throws IOException {
        int port = ServerProcess.freePort();
        Path buckets = Files.createDirectories(dataDir.resolve("buckets"));
        Path properties = dataDir.resolve("s3proxy.properties");
        Files.writeString(properties, """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(port, "local-identity", "local-credential", buckets));
        ServerProcess process = ServerProcess.start(
                "edgeship.s3proxy.jar",
                port,
                dataDir.resolve("s3proxy.log"),
                List.of("-Xmx96m"),
                List.of("--properties", properties.toString()));
        return new S3ProxyServer(process, port);
    }

    /// `host:port`, as `endpoint` of an `objstore.yml`.
    public String endpoint() {
        return "127.0.0.1:" + port;
    }

    public String accessKey() {
        return "local-identity";
    }

    public String secretKey() {
        return "local-credential";
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
