package io.edgeship.bucket.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgeship.bucket.Bucket;
import io.minio.MinioClient;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.utility.DockerImageName;

/// The contract on MinIO itself, where a Docker daemon answers and has, or can pull, MinIO's image or the one that
/// `EDGESHIP_MINIO_IMAGE` names.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "dockerAnswers", disabledReason = "no Docker daemon answers, or Testcontainers cannot use it")
@SuppressWarnings("NullAway.Init") // opened once before the tests
class MinioContractIT extends S3Contract {
    private static final String IMAGE = Objects.requireNonNullElse(
            System.getenv("EDGESHIP_MINIO_IMAGE"), "minio/minio:RELEASE.2025-09-07T16-13-09Z");

    private MinIOContainer container;
    private Bucket bucket;
    private MinioClient other;

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    void start() throws Exception {
        container = new MinIOContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("minio/minio"));
        try {
            container.start();
        } catch (ContainerFetchException e) {
            assumeTrue(false, "no image " + IMAGE + " here or to be pulled; EDGESHIP_MINIO_IMAGE may name another");
        }
        other = minio(container.getS3URL(), container.getUserName(), container.getPassword());
        makeBucket(other, BUCKET);
        bucket = open("""
                type: S3
                config:
                  bucket: %s
                  endpoint: %s
                  access_key: %s
                  secret_key: %s
                  insecure: true
                """.formatted(
                BUCKET, container.getS3URL().replace("http://", ""), container.getUserName(), container.getPassword()));
    }

    @AfterAll
    void stop() {
        if (bucket != null) {
            bucket.close();
        }
        container.stop();
    }

    @Override
    protected Bucket bucket() {
        return bucket;
    }

    @Override
    MinioClient otherClient() {
        return other;
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(Lack.NESTED_KEYS);
    }
}
