package io.edgeship.bucket.s3;

import io.edgeship.bucket.Bucket;
import io.minio.MinioClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The contract on a store that already runs: `EDGESHIP_TEST_S3_ENDPOINT` (`http://host:port` or
/// `https://…`), `…_ACCESS_KEY`, `…_SECRET_KEY`, `…_BUCKET`, and for a private authority `…_CA_FILE`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfEnvironmentVariable(
        named = "EDGESHIP_TEST_S3_ENDPOINT",
        matches = "https?://.+",
        disabledReason = "EDGESHIP_TEST_S3_ENDPOINT names no store")
@SuppressWarnings("NullAway.Init") // opened once before the tests
class GivenStoreContractIT extends S3Contract {
    private Bucket bucket;
    private MinioClient other;

    @BeforeAll
    void open() throws Exception {
        String url = variable("ENDPOINT");
        String caFile = Objects.requireNonNullElse(System.getenv("EDGESHIP_TEST_S3_CA_FILE"), "");
        other = MinioClient.builder()
                .endpoint(url)
                .region("us-east-1")
                .credentials(variable("ACCESS_KEY"), variable("SECRET_KEY"))
                .httpClient(trusting(caFile))
                .build();
        makeBucket(other, bucketName());
        bucket = open("""
                type: S3
                config:
                  bucket: %s
                  endpoint: %s
                  access_key: %s
                  secret_key: %s
                  insecure: %s
                  http_config: {tls_config: {ca_file: "%s"}}
                """.formatted(
                        bucketName(),
                        url.replaceFirst("https?://", ""),
                        variable("ACCESS_KEY"),
                        variable("SECRET_KEY"),
                        url.startsWith("http:"),
                        caFile));
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv("EDGESHIP_TEST_S3_" + name), name);
    }

    private static OkHttpClient trusting(String caFile) throws Exception {
        if (caFile.isEmpty()) {
            return new OkHttpClient();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var pem = Files.newInputStream(Path.of(caFile))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return new OkHttpClient.Builder()
                .sslSocketFactory(context.getSocketFactory(), (X509TrustManager) factory.getTrustManagers()[0])
                .build();
    }

    @AfterAll
    void close() {
        bucket.close();
    }

    @Override
    String bucketName() {
        return variable("BUCKET");
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
