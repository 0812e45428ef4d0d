package io.edgeship.bucket.s3;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.S3ProxyServer;
import io.minio.MinioClient;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // opened once before the tests
class S3ProxyContractIT extends S3Contract {
    private S3ProxyServer server;
    private Bucket bucket;
    private MinioClient other;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        server = S3ProxyServer.start(dir);
        other = minio("http://" + server.endpoint(), server.accessKey(), server.secretKey());
        makeBucket(other, BUCKET);
        bucket = opened(server.objstoreYaml(BUCKET));
    }

    Bucket opened(String objstoreYaml) throws Exception {
        return open(objstoreYaml);
    }

    @AfterAll
    void stop() {
        bucket.close();
        server.close();
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
        return EnumSet.of(Lack.NESTED_KEYS, Lack.DELETE_BELOW_OBJECT, Lack.NO_SUCH_UPLOAD);
    }
}
