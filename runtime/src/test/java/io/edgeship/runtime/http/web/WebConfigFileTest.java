package io.edgeship.runtime.http.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebConfigFileTest {
    private static final Path FILES = Path.of("src/test/resources/web");

    @TempDir
    private Path dir;

    private final AtomicLong nanoTime = new AtomicLong();

    private WebConfigFile open(String yaml) throws Exception {
        return WebConfigFile.open(Files.writeString(dir.resolve("web.yml"), yaml), nanoTime::get);
    }

    private void copy(String from, String to) throws IOException {
        Files.copy(FILES.resolve(from), dir.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private void aSecondPasses() {
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aChangedFileIsInForceASecondLater() throws Exception {
        WebConfigFile web = open("http_server_config: {headers: {X-Frame-Options: deny}}");
        Files.writeString(dir.resolve("web.yml"), "http_server_config: {headers: {X-Frame-Options: sameorigin}}");

        assertThat(web.headers()).containsValue("deny");
        aSecondPasses();
        assertThat(web.headers()).containsValue("sameorigin");
        assertThat(web.failures()).isZero();
    }

    @Test
    void aBrokenChangeLeavesWhatWasAndIsCountedOnceUntilItIsMended() throws Exception {
        WebConfigFile web = open("http_server_config: {headers: {X-Frame-Options: deny}}");
        Files.writeString(dir.resolve("web.yml"), "http_server_config: {header: 1}");
        for (int look = 0; look < 3; look++) {
            aSecondPasses();
            assertThat(web.headers()).containsValue("deny");
        }
        assertThat(web.failures()).isEqualTo(1);
        Files.writeString(dir.resolve("web.yml"), "{}");
        aSecondPasses();
        assertThat(web.headers()).isEmpty();
    }

    @Test
    void aRenewedCertificateIsTakenOnceItsKeyIsThereToo() throws Exception {
        copy("rsa.crt", "tls.crt");
        copy("rsa.pkcs8.key", "tls.key");
        WebConfigFile web = open("tls_server_config: {cert_file: tls.crt, key_file: tls.key}");
        var before = web.notAfter();
        copy("ec.crt", "tls.crt");
        aSecondPasses();
        assertThat(web.notAfter()).isEqualTo(before);
        assertThat(web.failures()).isEqualTo(1);
        copy("ec.sec1.key", "tls.key");
        aSecondPasses();
        web.parameters();
        assertThat(web.failures()).isEqualTo(1);
    }

    @Test
    void encryptionCannotBeSwitchedOffBehindARunningServer() throws Exception {
        copy("rsa.crt", "tls.crt");
        copy("rsa.pkcs8.key", "tls.key");
        WebConfigFile web = open("tls_server_config: {cert_file: tls.crt, key_file: tls.key}");
        Files.writeString(dir.resolve("web.yml"), "{}");
        aSecondPasses();
        assertThat(web.notAfter()).isPresent();
        assertThat(web.failures()).isEqualTo(1);
    }

    @Test
    void filesThatDoNotFitAreNamed() throws Exception {
        copy("rsa.crt", "tls.crt");
        copy("ec.pkcs8.key", "tls.key");
        assertThatThrownBy(() -> open("tls_server_config: {cert_file: tls.crt, key_file: tls.key}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tls_server_config.key_file " + dir.resolve("tls.key"))
                .hasMessageContaining("is not the key of the certificate in cert_file");
        assertThatThrownBy(() -> open("tls_server_config: {cert_file: none.crt, key_file: tls.key}"))
                .hasMessageContaining("cert_file " + dir.resolve("none.crt") + ": no such file");
        assertThatThrownBy(() -> open("tls_server_config: {cert_file: tls.key, key_file: tls.key}"))
                .hasMessageContaining("no certificate in it");
        assertThatThrownBy(() -> open("tls_server_config: {cert: hunter2, key: hunter2}"))
                .hasMessageContaining("tls_server_config.cert: no certificate in it")
                .hasMessageNotContaining("hunter2");
    }
}
