package io.edgeship.charts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgeship.demo.Child;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A real kube-apiserver with its etcd, as child processes on loopback: it checks and admits, but nothing runs.
final class KubeApiServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String TOKEN = "token-of-the-test";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Child etcd;
    private final Child server;
    private final HttpClient client;
    private final String url;

    private KubeApiServer(Child etcd, Child server, HttpClient client, String url) {
        this.etcd = etcd;
        this.server = server;
        this.client = client;
        this.url = url;
    }

    /// Returns once it is ready.
    static KubeApiServer start(Path program, Path etcdProgram, Path home) throws Exception {
        String store = "http://127.0.0.1:" + LocalPrometheus.freePort();
        Child etcd = startEtcd(etcdProgram, store, home);
        int port = LocalPrometheus.freePort();
        Child server =
                Child.start("kube-apiserver", home.resolve("server.log"), words(program, store, port, home), Map.of());
        try {
            Path certificate = home.resolve("certs/apiserver.crt");
            server.await("a certificate", LIMIT, () -> Files.exists(certificate) && Files.size(certificate) > 0);
            String url = "https://127.0.0.1:" + port;
            KubeApiServer started = new KubeApiServer(etcd, server, clientThatTrusts(certificate), url);
            server.await("the API server to be ready", LIMIT, started::isReady);
            return started;
        } catch (Exception e) {
            server.close();
            etcd.close();
            throw e;
        }
    }

    private static Child startEtcd(Path program, String url, Path home) throws IOException {
        String peers = "http://127.0.0.1:" + LocalPrometheus.freePort();
        List<String> words = List.of(
                program.toString(),
                "--data-dir=" + home.resolve("etcd"),
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers,
                "--unsafe-no-fsync");
        return Child.start("etcd", home.resolve("etcd.log"), words, Map.of());
    }

    private static List<String> words(Path program, String store, int port, Path home)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        Path key = pem(home.resolve("sa.key"), "PRIVATE KEY", pair.getPrivate().getEncoded());
        Path publicKey =
                pem(home.resolve("sa.pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
        Path tokens = Files.writeString(home.resolve("tokens.csv"), TOKEN + ",admin,1,system:masters\n");
        return List.of(
                program.toString(),
                "--etcd-servers=" + store,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + home.resolve("certs"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + publicKey,
                "--service-account-signing-key-file=" + key);
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what));
    }

    private static HttpClient clientThatTrusts(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            int count = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("c" + count++, each);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private boolean isReady() throws InterruptedException {
        try {
            return send("GET", "/readyz", null, "").code() == 200;
        } catch (IOException e) {
            return false; // not yet listening: the caller polls
        }
    }

    /// @param warnings what it has to say of an object that it takes
    record Answer(int code, JsonNode body, List<String> warnings) {
        String message() {
            return code + " " + body.path("message").asText();
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, "");
    }

    Answer post(String path, Map<?, ?> object) throws IOException, InterruptedException {
        return send("POST", path, object, "application/json");
    }

    /// Server-side apply; a field that the server does not know is an error.
    Answer apply(String path, Map<?, ?> object, boolean dryRun) throws IOException, InterruptedException {
        String how = "?fieldManager=edgeship&force=true&fieldValidation=Strict" + (dryRun ? "&dryRun=All" : "");
        return send("PATCH", path + how, object, "application/apply-patch+yaml");
    }

    private Answer send(String method, String path, @Nullable Map<?, ?> body, String type)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + TOKEN);
        if (body == null) {
            request.GET();
        } else {
            request.header("Content-Type", type)
                    .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
        boolean json = reply.headers().firstValue("Content-Type").orElse("").contains("json");
        JsonNode parsed =
                json ? JSON.readTree(reply.body()) : JSON.getNodeFactory().textNode(reply.body());
        return new Answer(reply.statusCode(), parsed, reply.headers().allValues("Warning"));
    }

    /// The path of an object by its kind, as the server's own directory has it.
    ///
    /// @throws AssertionError if it knows no such kind
    String path(Map<?, ?> object, String namespace) throws IOException, InterruptedException {
        String version = String.valueOf(object.get("apiVersion"));
        String root = (version.contains("/") ? "/apis/" : "/api/") + version;
        for (JsonNode each : get(root).body().path("resources")) {
            if (each.path("kind").asText().equals(object.get("kind"))
                    && !each.path("name").asText().contains("/")) {
                String own = Rendering.at(object, "metadata") instanceof Map<?, ?> m && m.get("namespace") != null
                        ? m.get("namespace").toString()
                        : namespace;
                return root
                        + (each.path("namespaced").asBoolean() ? "/namespaces/" + own : "")
                        + "/" + each.path("name").asText()
                        + "/" + Rendering.at(object, "metadata", "name");
            }
        }
        throw new AssertionError("no resource for " + version + " " + object.get("kind"));
    }

    /// Waits until `path` answers 200.
    void await(String path) throws IOException, InterruptedException {
        server.await(path, LIMIT, () -> get(path).code() == 200);
    }

    @Override
    public void close() {
        try (etcd;
                server;
                client) {
            client.shutdownNow();
        }
    }
}
