package io.edgeship.runtime.http.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cases of the exporter-toolkit's own tests, said anew.
class WebConfigTest {
    private static final Path FILES = Path.of("src/test/resources/web");
    private static final Path PAGE = Path.of("../docs/reference/web.md");
    private static final String HASH = "$2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu";

    private static WebConfig of(String yaml) throws ConfigException {
        return WebConfig.of(ConfigFile.parse("web.yml", yaml, Map.of()), FILES);
    }

    private static SSLParameters parameters(String more) throws Exception {
        WebConfig config = of("tls_server_config: {cert_file: rsa.crt, key_file: rsa.pkcs8.key, " + more + "}");
        return config.tls().orElseThrow().applyTo(SSLContext.getDefault().getDefaultSSLParameters());
    }

    @Test
    void anEmptyFileAsksForNothing() throws Exception {
        WebConfig config = of("");

        assertThat(config.tls()).isEmpty();
        assertThat(config.users()).isEmpty();
        assertThat(config.headers()).isEmpty();
    }

    @Test
    void withoutMoreTlsIsOnePointTwoOrThree() throws Exception {
        assertThat(parameters("").getProtocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(parameters("").getNeedClientAuth()).isFalse();
        assertThat(parameters("min_version: TLS13").getProtocols()).containsExactly("TLSv1.3");
        assertThat(parameters("max_version: TLS12").getProtocols()).containsExactly("TLSv1.2");
    }

    @Test
    void suitesAreThoseOfTheListAndThoseOfTls13() throws Exception {
        String suite = "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]";
        assertThat(parameters(suite).getCipherSuites())
                .containsExactly(
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256");
        SSLParameters old = parameters(suite + ", max_version: TLS12, prefer_server_cipher_suites: false");
        assertThat(old.getCipherSuites()).containsExactly("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
        assertThat(old.getUseCipherSuitesOrder()).isFalse();
        assertThat(parameters(suite).getUseCipherSuitesOrder()).isTrue();
    }

    @Test
    void curvesAreNamedAsInGo() throws Exception {
        assertThat(parameters("curve_preferences: [CurveP521, X25519]").getNamedGroups())
                .containsExactly("secp521r1", "x25519");
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, false",
        "NoClientCert, false, false",
        "RequestClientCert, true, false",
        "RequireAnyClientCert, false, true",
        "RequireClientCert, false, true",
    })
    void clientsAreAskedAsInGo(String type, boolean wants, boolean needs) throws Exception {
        SSLParameters parameters = parameters("client_auth_type: '" + type + "'");
        assertThat(parameters.getWantClientAuth()).isEqualTo(wants);
        assertThat(parameters.getNeedClientAuth()).isEqualTo(needs);
    }

    @Test
    void headersAndUsersAreTaken() throws Exception {
        WebConfig config = of("""
                http_server_config:
                  http2: false
                  headers:
                    X-Frame-Options: deny
                    Strict-Transport-Security: max-age=31536000; includeSubDomains
                    X-Content-Type-Options: nosniff
                    X-XSS-Protection: 1
                    Content-Security-Policy: "default-src 'self' *.test.example.net"
                basic_auth_users: {carol: '%s'}
                """.formatted(HASH));

        assertThat(config.headers()).hasSize(5).containsEntry("X-XSS-Protection", "1");
        assertThat(config.users()).containsExactly(Map.entry("carol", HASH));
        assertThat(config.toString()).contains("carol").doesNotContain(HASH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{tls_server_config: {cert_fil: a}}                                         | cert_file is missing, and so is cert",
                "{tls_server_config: {cert_file: a}}                                        | key_file is missing, and so is key",
                "{tls_server_config: {cert_file: a, cert: b, key: c}}                       | cert and cert_file are both given",
                "{tls_server_config: {cert_file: a, key_file: b, sni: c}}                   | unknown key 'tls_server_config.sni'",
                "{tls_server_config: {cert_file: a, key_file: b, client_auth_type: Any}}    | client_auth_type is one of",
                "{tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}}        | client_auth_type is NoClientCert, which verifies nothing",
                "{tls_server_config: {cert_file: a, key_file: b, client_auth_type: VerifyClientCertIfGiven}} | client_ca_file is missing",
                "{tls_server_config: {cert_file: a, key_file: b, client_allowed_sans: [x]}} | client_allowed_sans goes with RequireAndVerifyClientCert",
                "{tls_server_config: {cert_file: a, key_file: b, min_version: TLS111}}      | min_version is TLS12 or TLS13",
                "{tls_server_config: {cert_file: a, key_file: b, min_version: TLS10}}       | min_version is TLS12 or TLS13",
                "{tls_server_config: {cert_file: a, key_file: b, min_version: TLS13, max_version: TLS12}} | max_version is older than min_version",
                "{tls_server_config: {cert_file: a, key_file: b, cipher_suites: [TLS_MADE_UP]}} | cipher_suites has TLS_MADE_UP",
                "{tls_server_config: {cert_file: a, key_file: b, curve_preferences: [CurveP255]}} | curve_preferences has CurveP255",
                "{http_server_config: {http2: true}}                                        | http_server_config.http2 is not supported",
                "{http_server_config: {headers: {X-Frame-Options: maybe}}}                  | X-Frame-Options that is not deny or sameorigin",
                "{http_server_config: {headers: {X-Content-Type-Options: sniff}}}           | X-Content-Type-Options that is not nosniff",
                "{http_server_config: {headers: {Set-Cookie: a}}}                           | headers has 'Set-Cookie'",
                "{http_server_config: {headers: {X-XSS-Protection: \"1\\r\\nA: b\"}}}       | X-XSS-Protection that is not one line",
                "{rate_limit: {interval: 1s, burst: 1}}                                     | rate_limit is not supported",
                "{basic_auth_users: {bob: hunter2}}                                         | no bcrypt hash ($2y$10$…) for 'bob'",
                "{basic_auth_user: {bob: hunter2}}                                          | unknown key 'basic_auth_user'",
                "junk                                                                       | web.yml:1:",
            })
    void whatIsWrongIsNamedAndNoSecretQuoted(String yaml, String message) {
        assertThatThrownBy(() -> of(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("web.yml:1:")
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void thePageNamesEveryKey() throws Exception {
        Set<String> keys = new TreeSet<>(
                of("tls_server_config: {cert_file: a, key_file: b}").keys());
        Set<String> onPage = new TreeSet<>();
        Pattern.compile("(?m)^\\| `([a-z_.0-9]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .forEach(row -> onPage.add(row.group(1)));
        assertThat(onPage).isEqualTo(keys);
    }
}
