package io.edgeship.it;

import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.credentials.AssumeRoleProvider;
import io.minio.credentials.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;

/// A real MinIO as a child process, with a bucket: a server that enforces policies.
final class LocalMinio implements AutoCloseable {
    static final String BUCKET = "telemetry";

    private static final Path POLICIES = Path.of("..", "deploy", "objstore");
    private static final String ROOT = "root-of-the-test";
    private static final String SECRET = "secret-of-the-test";
    private static final int KEYS_LAST_SECONDS = 3600;
    private static final Duration START_LIMIT = Duration.ofSeconds(40);

    private final Child process;
    private final int port;

    private LocalMinio(Child process, int port) {
        this.process = process;
        this.port = port;
    }

    static LocalMinio start(Path binary, Path home) throws Exception {
        int port = LocalPrometheus.freePort();
        Child process = Child.start(
                "MinIO",
                home.resolve("minio.log"),
                List.of(
                        binary.toString(),
                        "server",
                        "--quiet",
                        "--address=127.0.0.1:" + port,
                        home.resolve("minio").toString()),
                Map.of("MINIO_ROOT_USER", ROOT, "MINIO_ROOT_PASSWORD", SECRET, "MINIO_BROWSER", "off"));
        LocalMinio server = new LocalMinio(process, port);
        try {
            String ready = server.endpoint() + "/minio/health/ready";
            process.await("MinIO to be ready", START_LIMIT, () -> LocalPrometheus.answers(ready));
            MinioClient root = MinioClient.builder()
                    .endpoint(server.endpoint())
                    .credentials(ROOT, SECRET)
                    .build();
            root.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
            return server;
        } catch (Exception e) {
            process.close();
            throw e;
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /// A policy of `deploy/objstore`, filled in as its README says.
    static String policy(String file, String site) throws IOException {
        return Files.readString(POLICIES.resolve(file))
                .replace("BUCKET", BUCKET)
                .replace("SITE", site);
    }

    /// An `objstore.yml` with keys that may do what the policy says and nothing else: keys that MinIO lends for a
    /// while, for unlike users they need no client of its administration.
    String objstoreYaml(String policy, int viaPort) throws Exception {
        AssumeRoleProvider lender = new AssumeRoleProvider(
                endpoint(),
                ROOT,
                SECRET,
                KEYS_LAST_SECONDS,
                policy.replaceAll("\\s+", ""), // MinIO takes at most 2048 letters this way
                null,
                null,
                null,
                null,
                new OkHttpClient());
        Credentials keys = lender.fetch();
        return yaml(keys.accessKey(), keys.secretKey(), viaPort) + "  session_token: " + keys.sessionToken() + "\n";
    }

    /// As above, of who may do everything.
    String objstoreYaml() {
        return yaml(ROOT, SECRET, port);
    }

    private static String yaml(String accessKey, String secretKey, int port) {
        return """
                type: S3
                config:
                  bucket: %s
                  endpoint: 127.0.0.1:%d
                  insecure: true
                  access_key: %s
                  secret_key: %s
                  bucket_lookup_type: path
                """.formatted(BUCKET, port, accessKey, secretKey);
    }

    @Override
    public void close() {
        process.close();
    }
}
