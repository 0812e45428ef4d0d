package io.edgeship.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.runtime.http.web.ClientKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How a server that does not take a client says so is left to it: each way is told apart from a server that is ill.
class OpsClientTest {
    private static final Path FILES = Path.of("src/test/resources/web");

    /// What the server does once the handshake is through.
    enum End {
        CLOSE,
        RESET,
        CLOSE_HAVING_READ
    }

    /// Serves TLS on loopback and ends each connection alike.
    private record Rude(ServerSocket listening, SSLContext context, boolean asks, End end) implements AutoCloseable {
        static Rude start(boolean asks, End end) throws Exception {
            Rude rude = new Rude(new ServerSocket(0, 9, InetAddress.getLoopbackAddress()), tls(), asks, end);
            Thread.ofVirtual().start(rude::serve);
            return rude;
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (Socket raw = listening.accept()) {
                    InputStream none = new ByteArrayInputStream(new byte[0]);
                    SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(raw, none, false);
                    secure.setWantClientAuth(asks);
                    secure.startHandshake();
                    if (end == End.CLOSE_HAVING_READ) {
                        assertThat(secure.getInputStream().read()).isNotNegative();
                    }
                    raw.setSoLinger(end == End.RESET, 0);
                } catch (IOException _) {
                    // the client went first, or the test is over: the loop knows
                }
            }
        }

        String message(ClientKeys keys) throws Exception {
            OpsClient client = OpsClient.of(
                    new HttpConfig(ListenAddress.parse("127.0.0.1:0"), Optional.empty()),
                    new OpsClient.Access(
                            Optional.of(URI.create("https://localhost:" + listening.getLocalPort())),
                            Optional.empty(),
                            Optional.of(FILES.resolve("ec.crt")),
                            keys));
            try {
                client.get("/");
            } catch (OpsClient.Refused e) {
                return "refused: " + e.getMessage();
            } catch (IOException e) {
                return "failed: " + e.getMessage();
            }
            throw new AssertionError("an answer that nobody gave");
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    private static SSLContext tls() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key(), new char[0], new Certificate[] {certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static Certificate certificate() throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(FILES.resolve("ec.crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key() throws GeneralSecurityException, IOException {
        String pem = Files.readString(FILES.resolve("ec.pkcs8.key")).replaceAll("-----[^-]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksForACertificateAndEndsHasRefused(End end) throws Exception {
        try (Rude rude = Rude.start(true, end)) {
            assertThat(rude.message(ClientKeys.none()))
                    .startsWith("refused: ")
                    .contains("asks for a client's certificate (");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoEndsHavingSeenTheCertificateDoesNotTakeIt(End end) throws Exception {
        ClientKeys shown = ClientKeys.of(FILES.resolve("client.crt"), FILES.resolve("client.key"));
        try (Rude rude = Rude.start(true, end)) {
            assertThat(rude.message(shown))
                    .startsWith("refused: ")
                    .contains("does not take that certificate of a client (");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoEndsWithoutHavingAskedHasJustFailed(End end) throws Exception {
        try (Rude rude = Rude.start(false, end)) {
            assertThat(rude.message(ClientKeys.none())).startsWith("failed: ");
        }
    }

    @Test
    void whereNobodyListensThatIsSaid() throws Exception {
        Rude gone = Rude.start(false, End.CLOSE);
        gone.close();

        assertThatThrownBy(() -> OpsClient.of(
                                new HttpConfig(
                                        ListenAddress.parse(
                                                "127.0.0.1:" + gone.listening().getLocalPort()),
                                        Optional.empty()),
                                OpsClient.Access.plain())
                        .get("/"))
                .isInstanceOf(java.net.ConnectException.class);
    }
}
