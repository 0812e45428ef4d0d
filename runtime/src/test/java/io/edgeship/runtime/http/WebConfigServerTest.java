package io.edgeship.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The server as a client that is not ours, curl, meets it.
@EnabledIf(value = "hasCurl", disabledReason = "no curl on the PATH")
class WebConfigServerTest {
    private static final Path FILES = Path.of("src/test/resources/web").toAbsolutePath();
    private static final String USERS =
            "basic_auth_users: {alice: '$2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby'}\n";

    @TempDir
    private Path dir;

    private final Metrics metrics = new Metrics();
    private @Nullable OpsServer server;

    static boolean hasCurl() {
        try {
            return new ProcessBuilder("curl", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    static void filesAreThere() {
        assertThat(FILES.resolve("rsa.crt")).exists();
    }

    private void start(String yaml) throws Exception {
        Path file = Files.writeString(dir.resolve("web.yml"), yaml.replace("FILES", FILES.toString()));
        server = OpsServer.start(
                new HttpConfig(ListenAddress.parse("127.0.0.1:0"), Optional.of(file)), metrics, new Health());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private int port() {
        return Objects.requireNonNull(server).port();
    }

    private static String tls(String certificate, String key, String more) {
        return "tls_server_config: {cert_file: FILES/%s, key_file: FILES/%s%s}\n".formatted(certificate, key, more);
    }

    /// Status and head, or what curl says on failure.
    private String curl(String scheme, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "--max-time", "20", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        command.add(scheme + "://localhost:" + port() + "/-/healthy");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa.pkcs8.key, --tlsv1.3",
        "rsa.crt, rsa.pkcs1.key, --tls-max 1.2",
        "ec.crt, ec.sec1.key, --tlsv1.3",
        "ec.crt, ec.pkcs8.key, --tls-max 1.2",
        "ed25519.crt, ed25519.pkcs8.key, --tlsv1.3"
    })
    void everyKindOfKeyServesBothVersionsOfTls(String certificate, String key, String version) throws Exception {
        start(tls(certificate, key, ""));

        List<String> arguments = new ArrayList<>(List.of(version.split(" ")));
        arguments.addAll(List.of("--cacert", file(certificate)));
        assertThat(curl("https", arguments.toArray(String[]::new)))
                .startsWith("HTTP/1.1 200")
                .contains("healthy");
        assertThat(metrics.scrape()).doesNotContain("edgeship_http_certificate_not_after_timestamp_seconds NaN");
    }

    @Test
    void plainHttpAndAVersionThatIsTooOldGetNothing() throws Exception {
        start(tls("rsa.crt", "rsa.pkcs8.key", ", min_version: TLS13"));

        assertThat(curl("http")).doesNotContain("healthy");
        assertThat(curl("https", "--cacert", file("rsa.crt"), "--tls-max", "1.2"))
                .doesNotContain("healthy");
        assertThat(curl("https", "--cacert", file("rsa.crt"))).contains("healthy");
        assertThat(curl("https")).as("nobody else vouches for it").doesNotContain("healthy");
    }

    @Test
    void aClientHasToShowACertificateOfTheAuthority() throws Exception {
        start(tls("rsa.crt", "rsa.pkcs8.key", """
                , client_auth_type: RequireAndVerifyClientCert, client_ca_file: FILES/ca.crt"""));

        String[] known = {"--cacert", file("rsa.crt"), "--cert", file("client.crt"), "--key", file("client.key")};
        String[] stranger = {
            "--cacert", file("rsa.crt"), "--cert", file("stranger.crt"), "--key", file("stranger.pkcs8.key")
        };
        assertThat(curl("https", known)).contains("healthy");
        assertThat(curl("https", stranger)).doesNotContain("healthy");
        assertThat(curl("https", "--cacert", file("rsa.crt"))).doesNotContain("healthy");
    }

    @ParameterizedTest
    @CsvSource({
        "grafana.example, true",
        "2001:db8:0::1, true",
        "ops@example.org, true",
        "grafana.example.org, false",
    })
    void oneOfItsNamesHasToBeAllowed(String san, boolean admitted) throws Exception {
        start(tls("rsa.crt", "rsa.pkcs8.key", """
                , client_auth_type: RequireAndVerifyClientCert, client_ca_file: FILES/ca.crt,
                client_allowed_sans: ['one', '%s']""".formatted(san)));

        String said =
                curl("https", "--cacert", file("rsa.crt"), "--cert", file("client.crt"), "--key", file("client.key"));
        assertThat(said.contains("healthy")).as(said).isEqualTo(admitted);
    }

    @Test
    void anyCertificateWillDoWhereNoneIsVerified() throws Exception {
        start(tls("rsa.crt", "rsa.pkcs8.key", ", client_auth_type: RequireAnyClientCert"));

        String[] stranger = {
            "--cacert", file("rsa.crt"), "--cert", file("stranger.crt"), "--key", file("stranger.pkcs8.key")
        };
        assertThat(curl("https", stranger)).contains("healthy");
        assertThat(curl("https", "--cacert", file("rsa.crt"))).doesNotContain("healthy");
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        Files.copy(FILES.resolve("rsa.crt"), dir.resolve("tls.crt"));
        Files.copy(FILES.resolve("rsa.pkcs8.key"), dir.resolve("tls.key"));
        start("tls_server_config: {cert_file: tls.crt, key_file: tls.key}\n");
        assertThat(curl("https", "--cacert", file("rsa.crt"))).contains("healthy");
        Files.write(dir.resolve("tls.crt"), Files.readAllBytes(FILES.resolve("ec.crt")));
        Files.write(dir.resolve("tls.key"), Files.readAllBytes(FILES.resolve("ec.pkcs8.key")));

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String said = "";
        while (!said.contains("healthy") && System.nanoTime() < end) {
            said = curl("https", "--cacert", file("ec.crt"));
        }
        assertThat(said).contains("healthy");
    }

    @Test
    void nameAndPasswordAreWantedOnEveryPathAndCountedWhereTheyAreWrong() throws Exception {
        start(USERS + "http_server_config: {headers: {X-Frame-Options: deny}}\n");

        assertThat(curl("http"))
                .startsWith("HTTP/1.1 401")
                .containsIgnoringCase("WWW-Authenticate: Basic realm=\"edgeship\"")
                .doesNotContain("healthy");
        assertThat(curl("http", "-u", "alice:wrong")).startsWith("HTTP/1.1 401");
        assertThat(curl("http", "-u", "bob:alice123")).startsWith("HTTP/1.1 401");
        assertThat(curl("http", "-u", "alice:alice123"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("X-Frame-Options: deny");
        assertThat(curl("http", "--path-as-is", "-X", "POST")).startsWith("HTTP/1.1 401");
        assertThat(metrics.scrape()).contains("edgeship_http_unauthorized_requests_total 4.0");
    }

    @Test
    void aPeerThatIsSilentAfterConnectingKeepsNobodyElseOut() throws Exception {
        start(tls("rsa.crt", "rsa.pkcs8.key", ""));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port()));
            }
            assertThat(curl("https", "--cacert", file("rsa.crt"))).contains("healthy");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void anUnusableFileStopsTheStart() {
        assertThatThrownBy(() -> start("tls_server_config: {cert_file: none, key_file: none}"))
                .hasMessageContaining("cert_file")
                .hasMessageContaining("no such file");
    }
}
