package io.edgeship.runtime.http.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys as openssl wrote them.
class PrivateKeysTest {
    private static final Path FILES = Path.of("src/test/resources/web");

    private static String pem(String file) throws IOException {
        return Files.readString(FILES.resolve(file));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.pkcs8.key, RSA",
        "rsa.pkcs1.key, RSA",
        "ec.pkcs8.key, EC",
        "ec.sec1.key, EC",
        "ed25519.pkcs8.key, EdDSA"
    })
    void everyFormThatOpensslWritesIsRead(String file, String algorithm) throws Exception {
        assertThat(PrivateKeys.read(pem(file)).getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void theOlderFormsAreTheSameKeys() throws Exception {
        assertThat(PrivateKeys.read(pem("rsa.pkcs1.key"))).isEqualTo(PrivateKeys.read(pem("rsa.pkcs8.key")));
        assertThat(PrivateKeys.read(pem("ec.sec1.key")).getEncoded()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"rsa.encrypted.key", "rsa.encrypted-pkcs1.key"})
    void aKeyWithAPasswordNamesTheCommandThatHelps(String file) {
        assertThatThrownBy(() -> PrivateKeys.read(pem(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("password")
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void whatIsNoKeyIsNoCrash() throws IOException {
        assertThatThrownBy(() -> PrivateKeys.read(pem("rsa.crt"))).hasMessageStartingWith("no private key in it");
        assertThatThrownBy(
                        () -> PrivateKeys.read("-----BEGIN DSA PRIVATE KEY-----\nAA==\n-----END DSA PRIVATE KEY-----"))
                .hasMessageContaining("DSA PRIVATE KEY");
        String whole = pem("ec.sec1.key");
        String body = whole.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
        for (int cut = 0; cut < body.replace("=", "").length(); cut++) {
            String damaged =
                    "-----BEGIN EC PRIVATE KEY-----\n" + body.substring(0, cut) + "\n-----END EC PRIVATE KEY-----";
            assertThatThrownBy(() -> PrivateKeys.read(damaged))
                    .as("cut at letter %d", cut)
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining(body.substring(0, Math.max(8, cut)));
        }
    }
}
