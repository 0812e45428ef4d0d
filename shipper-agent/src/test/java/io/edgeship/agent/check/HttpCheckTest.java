package io.edgeship.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.agent.check.HttpCheck.Holder;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.HttpConfig;
import io.edgeship.runtime.http.ListenAddress;
import io.edgeship.runtime.http.Metrics;
import io.edgeship.runtime.http.OpsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who listens, where `web.yml` has a say in it.
class HttpCheckTest {
    private static final Path FILES =
            Path.of("../runtime/src/test/resources/web").toAbsolutePath().normalize();
    private static final String TLS = "tls_server_config: {cert_file: FILES/ec.crt, key_file: FILES/ec.sec1.key%s}\n";
    private static final String USERS =
            "basic_auth_users: {alice: '$2y$12$1DpfPeqF9HzHJt.EWswy1exHluGfbhnn3yXhR7Xes6m3WJqFg0Wby'}\n";

    @TempDir
    private Path dir;

    @Test
    void anAgentThatIsSetUpAsTheFileSaysIsKnown() throws Exception {
        assertThat(holder(USERS, USERS)).isInstanceOf(Holder.Locked.class);
        assertThat(holder(TLS.formatted("") + USERS, TLS.formatted(""))).isInstanceOf(Holder.Locked.class);
        String asks = TLS.formatted(", client_auth_type: RequireAnyClientCert");
        assertThat(holder(asks, asks)).isInstanceOf(Holder.Locked.class);
    }

    @Test
    void whatShowsAnotherCertificateOrNoneIsNotThisAgent() throws Exception {
        String other = TLS.formatted("").replace("ec.crt", "rsa.crt").replace("ec.sec1.key", "rsa.pkcs8.key");
        assertThat(holder(other, TLS.formatted(""))).isInstanceOf(Holder.Other.class);
        assertThat(holder(USERS, TLS.formatted(""))).isInstanceOf(Holder.Other.class);
    }

    @Test
    void aFileThatCannotBeUsedIsToldBeforeTheAgentStarts() throws Exception {
        Holder holder = HttpCheck.holder(http("tls_server_config: {cert_file: none, key_file: none}\n", 0));
        assertThat(holder).isInstanceOf(Holder.Unusable.class);
        assertThat(holder.toString()).contains("cert_file");
    }

    /// @param served `web.yml` of what listens
    /// @param ours   of the agent that is checked
    private Holder holder(String served, String ours) throws Exception {
        try (OpsServer server = OpsServer.start(http(served, 0), new Metrics(), new Health())) {
            return HttpCheck.holder(http(ours, server.port()));
        }
    }

    private HttpConfig http(String yaml, int port) throws Exception {
        Path file = Files.createTempFile(dir, "web", ".yml");
        Files.writeString(file, yaml.replace("FILES", FILES.toString()));
        return new HttpConfig(new ListenAddress("127.0.0.1", port), Optional.of(file));
    }
}
