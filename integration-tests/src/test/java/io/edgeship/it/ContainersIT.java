package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.fleet.BucketSync;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// Prometheus' and MinIO's own images; the agent beside them, killed once. Where no Docker daemon answers, or an image
/// can be had neither here nor from a registry, it is skipped and says so.
class ContainersIT {
    private static final String PROMETHEUS = image("EDGESHIP_PROMETHEUS_IMAGE", "prom/prometheus:v3.7.3");
    private static final String MINIO = image("EDGESHIP_MINIO_IMAGE", "minio/minio:RELEASE.2025-09-07T16-13-09Z");
    private static final int PROMETHEUS_PORT = 9090;
    private static final int BLOCKS_WANTED = 3;
    private static final String BUCKET = "containers";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path dir;

    @Test
    void nothingIsLostOrDoubledOnTheWayFromPrometheusToMinio() throws Exception {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker daemon answers");
        Path promtool = Program.promtool();
        Path data = Files.createDirectories(dir.resolve("data"));
        try (GenericContainer<?> prometheus = prometheus(data);
                MinIOContainer minio = minio()) {
            start(prometheus, "EDGESHIP_PROMETHEUS_IMAGE");
            start(minio, "EDGESHIP_MINIO_IMAGE");
            makeBucket(minio);
            Path objstore = objstore(minio);
            String url = "http://" + prometheus.getHost() + ":" + prometheus.getMappedPort(PROMETHEUS_PORT);
            Path config = AgentYaml.write(dir.resolve("agent.yaml"), data, url, objstore);
            try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
                ship(config, bucket, 1);
                ship(config, bucket, BLOCKS_WANTED);
                Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
                shipped.assertHoldsWhat(new PrometheusApi(url), promtool, shipped.minTime(), shipped.maxTime());
            }
        }
    }

    private static String image(String variable, String fallback) {
        return Optional.ofNullable(System.getenv(variable)).orElse(fallback);
    }

    private static void start(GenericContainer<?> container, String variable) {
        try {
            container.start();
        } catch (ContainerFetchException e) {
            assumeTrue(
                    false,
                    "no image for it here or to be pulled; %s may name one: %s".formatted(variable, e.getMessage()));
        }
    }

    /// Runs as this process's user: the agent may hard-link only files that are its own.
    @SuppressWarnings("resource") // the caller closes it
    private GenericContainer<?> prometheus(Path data) throws Exception {
        Path config = Files.writeString(dir.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, external_labels: {replica: a}}
                scrape_configs:
                - {job_name: prometheus, static_configs: [{targets: ['127.0.0.1:9090']}]}
                """);
        String user = Files.getAttribute(data, "unix:uid") + ":" + Files.getAttribute(data, "unix:gid");
        long block = LocalPrometheus.SHORTEST_BLOCK.toSeconds();
        return new GenericContainer<>(DockerImageName.parse(PROMETHEUS))
                .withFileSystemBind(data.toString(), "/data", BindMode.READ_WRITE)
                .withFileSystemBind(config.toString(), "/edgeship.yml", BindMode.READ_ONLY)
                .withExposedPorts(PROMETHEUS_PORT)
                .withCreateContainerCmdModifier(
                        command -> command.withUser(user).withEntrypoint("/bin/prometheus"))
                .withCommand(
                        "--config.file=/edgeship.yml",
                        "--storage.tsdb.path=/data",
                        "--storage.tsdb.min-block-duration=" + block + "s",
                        "--storage.tsdb.max-block-duration=" + block + "s")
                .waitingFor(Wait.forHttp("/-/ready"));
    }

    private static MinIOContainer minio() {
        return new MinIOContainer(DockerImageName.parse(MINIO).asCompatibleSubstituteFor("minio/minio"));
    }

    @SuppressWarnings("try") // closing it may wait, and be interrupted: then this test is too
    private static void makeBucket(MinIOContainer minio) throws Exception {
        try (MinioClient client = MinioClient.builder()
                .endpoint(minio.getS3URL())
                .credentials(minio.getUserName(), minio.getPassword())
                .build()) {
            client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        }
    }

    private Path objstore(MinIOContainer minio) throws Exception {
        return Files.writeString(dir.resolve("objstore.yml"), """
                type: S3
                config:
                  bucket: %s
                  endpoint: %s
                  insecure: true
                  access_key: %s
                  secret_key: %s
                  bucket_lookup_type: path
                """.formatted(
                        BUCKET, minio.getS3URL().replace("http://", ""), minio.getUserName(), minio.getPassword()));
    }

    /// Ships until so many blocks are there, then `kill -9`.
    private void ship(Path config, Bucket bucket, int blocks) throws Exception {
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            agent.await(
                    blocks + " blocks in MinIO",
                    LIMIT,
                    () -> new BucketSync(bucket).sync().blocks().size() >= blocks);
            agent.kill();
        }
        assertThat(new BucketSync(bucket).sync().partial().size())
                .as("blocks cut short")
                .isLessThanOrEqualTo(1);
    }
}
