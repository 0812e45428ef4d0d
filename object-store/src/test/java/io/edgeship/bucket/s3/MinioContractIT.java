package io.edgeship.bucket.s3;

import io.edgeship.bucket.Bucket;
import io.minio.MinioClient;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.MinIOContainer;

/// The contract on MinIO itself, where a Docker daemon answers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "dockerAnswers", disabledReason = "no Docker daemon answers")
@SuppressWarnings("NullAway.Init") // opened once before the tests
class MinioContractIT extends S3Contract {
    private static final String IMAGE = "minio/minio:RELEASE.2025-09-07T16-13-09Z";

    private MinIOContainer container;
    private Bucket bucket;
    private MinioClient other;

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    void start() throws Exception {
        container = new MinIOContainer(IMAGE);
        container.start();
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
        bucket.close();
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
