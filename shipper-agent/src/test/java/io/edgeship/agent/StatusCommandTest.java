package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.queue.transport.UploadProgress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `edgeship status` and `edgeship queue ls`, beside an agent and without one.
class StatusCommandTest extends TypedCommands {
    private static final Path WEB =
            Path.of("../runtime/src/test/resources/web").toAbsolutePath().normalize();

    @BeforeEach
    void site() throws Exception {
        data.cut(A);
        configure("", "link: {rate: 64KiB}\n");
    }

    private void configure(String http, String more) throws Exception {
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        Files.writeString(config, """
                site: it
                transport: inbox
                sources: [{type: prometheus, path: data}]
                objstore: {config: {type: FILESYSTEM, config: {directory: '%s'}}}
                http: {listen: '127.0.0.1:%d'%s}
                %s""".formatted(dir.resolve("bucket"), port, http, more));
    }

    private Agent agent() throws Exception {
        Agent agent = Agent.open(AgentConfig.read(config, Map.of()), UploadProgress.NONE);
        agent.once(Duration.ZERO);
        return agent;
    }

    @Test
    void aRunningAgentIsAsked() throws Exception {
        try (Agent _ = agent()) {
            assertThat(run("status")).isZero();
            assertThat(printed())
                    .containsPattern("site: +it")
                    .containsPattern("ready: +yes")
                    .containsPattern("rate: +64.0 KiB a second")
                    .containsPattern("awaits receipt +" + A + " .*\\[#{20}] 100 %");
            assertThat(errors()).isEmpty();
            assertThat(run("status", "--json")).isZero();
            assertThat(printed()).contains("\"site\": \"it\"", "\"live\": true");
            assertThat(run("queue", "ls")).isZero();
            assertThat(printed())
                    .containsPattern("delivered +" + A + " .*\\[#{20}] 100 %")
                    .contains("1 block waiting");
        }
    }

    @Test
    void withoutAnAgentTheSpoolIsReadAndThatIsSaid() throws Exception {
        agent().close();
        assertThat(run("status")).isEqualTo(1);
        assertThat(errors()).contains("no agent answers at http://127.0.0.1:");
        assertThat(printed())
                .containsPattern("waiting to be shipped: +1 blocks")
                .doesNotContain("link:");
        assertThat(run("queue", "ls")).isZero();
        assertThat(printed())
                .contains(A.toString(), "incarnation", "1 block waiting")
                .doesNotContain("\033");
    }

    @Test
    void anAgentThatAsksWhoAsksIsToldAndKnownByItsCertificate() throws Exception {
        Files.writeString(dir.resolve("web.yml"), """
                tls_server_config: {cert_file: %1$s/ec.crt, key_file: %1$s/ec.sec1.key}
                basic_auth_users: {alice: '$2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby'}
                """.formatted(WEB));
        configure(", web_config_file: web.yml", "");
        Files.writeString(dir.resolve("password"), "alice123\n");
        Files.writeString(dir.resolve("wrong"), "alice124\n");
        String password = dir.resolve("password").toString();
        try (Agent agent = agent()) {
            assertThat(run("status")).isEqualTo(1);
            assertThat(errors()).contains("asks for name and password");
            assertThat(run(
                            "status",
                            "--user",
                            "alice",
                            "--password-file",
                            dir.resolve("wrong").toString()))
                    .isEqualTo(1);
            assertThat(errors())
                    .contains("does not take that name and password")
                    .doesNotContain("alice124");
            assertThat(run("status", "--user", "alice", "--password-file", password))
                    .isZero();
            String url = "https://localhost:" + agent.port();
            String[] remote = {"status", "--user", "alice", "--password-file", password, "--url", url};
            assertThat(run(remote)).as("nobody vouches for it").isEqualTo(1);
            List<String> vouched = new ArrayList<>(List.of(remote));
            vouched.addAll(List.of("--ca-file", WEB.resolve("ec.crt").toString()));
            assertThat(run(vouched.toArray(String[]::new))).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"TLS12", "TLS13"})
    void anAgentThatAsksForACertificateIsShownOne(String version) throws Exception {
        Files.writeString(dir.resolve("web.yml"), """
                tls_server_config:
                  cert_file: %1$s/ec.crt
                  key_file: %1$s/ec.sec1.key
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: %1$s/ca.crt
                  max_version: %2$s
                """.formatted(WEB, version));
        configure(", web_config_file: web.yml", "");
        try (Agent _ = agent()) {
            assertThat(run("status")).isEqualTo(1);
            assertThat(errors()).contains("asks for a client's certificate", "--cert-file");
            assertThat(run("status", "--cert-file", web("stranger.crt"), "--key-file", web("stranger.pkcs8.key")))
                    .isEqualTo(1);
            assertThat(errors()).contains("does not take that certificate");
            assertThat(run("status", "--cert-file", web("client.crt"), "--key-file", web("client.key")))
                    .isZero();
            assertThat(run("queue", "ls", "--cert-file", web("client.crt"), "--key-file", web("client.key")))
                    .isZero();
        }
    }

    private static String web(String name) {
        return WEB.resolve(name).toString();
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        assertThat(run("status", "--cert-file", web("client.crt"))).isEqualTo(2);
        assertThat(run("status", "--cert-file", web("client.crt"), "--key-file", web("rsa.pkcs8.key")))
                .isEqualTo(2);
        assertThat(errors()).contains("is not the key of the certificate");
        assertThat(run("status", "--user", "alice")).isEqualTo(2);
        assertThat(run("status", "--url", "box.example")).isEqualTo(2);
    }
}
