package io.edgeship.bucket.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.bucket.CertificateClock;
import io.edgeship.bucket.Link;
import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;

/// Opens the JDK's connections as `http_config` and the environment's proxy want them. The SDK's client can do so too,
/// but would let nobody at the sockets. Thread-safe.
final class HttpConnections {
    private final Duration connectTimeout;
    private final Duration silenceMax;
    private final boolean anyName;
    private final ProxyConfiguration proxy;
    private final @Nullable TlsMaterial tls;
    private final @Nullable WireSockets sockets;

    private HttpConnections(S3Settings settings, @Nullable TlsMaterial tls, @Nullable WireSockets sockets) {
        connectTimeout = settings.http().connectTimeout();
        silenceMax = settings.http().responseHeaderTimeout();
        anyName = settings.http().insecureSkipVerify();
        proxy = proxyOf(settings);
        this.tls = tls;
        this.sockets = sockets;
    }

    static HttpConnections of(S3Settings settings, Link link, CertificateClock clock) throws ConfigException {
        boolean namesFiles = !settings.http().caFile().isEmpty() || !settings.http().certFile().isEmpty();
        if (settings.insecure() && !namesFiles) {
            return new HttpConnections(settings, null, null); // without a class of TLS in memory
        }
        TlsMaterial tls = TlsMaterial.of(settings.http(), clock); // files that are named are read, needed or not
        if (settings.insecure()) {
            return new HttpConnections(settings, null, null);
        }
        return new HttpConnections(settings, tls, new WireSockets(tls.sockets(), link));
    }

    /// Checks the server's certificate by the time that its reply tells.
    ///
    /// @throws SSLException if it is not valid then; the connection is closed, and the next begins anew
    void check(HttpURLConnection connection, SdkHttpResponse reply) throws SSLException {
        Optional<Instant> date = ReplyDate.of(reply);
        if (tls == null || date.isEmpty()) {
            return;
        }
        try {
            tls.check(date.get());
        } catch (CertificateException e) {
            connection.disconnect();
            throw new SSLException(
                    "the server's certificate is not valid at %s, which is the time by its own reply: %s"
                            .formatted(date.get(), e.getMessage()),
                    e);
        }
    }

    /// What the environment (or the JVM's properties) names for the endpoint's scheme.
    static ProxyConfiguration proxyOf(S3Settings settings) {
        return ProxyConfiguration.builder()
                .scheme(settings.insecure() ? "http" : "https")
                .build();
    }

    /// Where connections to `host` go first, if not to itself.
    static Optional<InetSocketAddress> proxyFor(ProxyConfiguration proxy, String host) {
        boolean direct = proxy.host() == null
                || proxy.nonProxyHosts().stream()
                        .anyMatch(name -> Pattern.matches(name, host.toLowerCase(Locale.ROOT)));
        return direct ? Optional.empty() : Optional.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    /// Whether the sockets count what crosses them.
    boolean countsItself(HttpURLConnection connection) {
        return sockets != null && !connection.usingProxy();
    }

    /// @param stallAfter how long the other side may be silent; zero for what `response_header_timeout` says
    HttpURLConnection open(URI uri, Duration stallAfter) throws IOException {
        Optional<InetSocketAddress> by = proxyFor(proxy, uri.getHost());
        HttpURLConnection connection = (HttpURLConnection)
                (by.isPresent()
                        ? uri.toURL().openConnection(new Proxy(Proxy.Type.HTTP, by.get()))
                        : uri.toURL().openConnection());
        if (by.isPresent() && proxy.username() != null && proxy.password() != null) {
            String user = proxy.username() + ":" + proxy.password();
            connection.addRequestProperty(
                    "Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        }
        if (sockets != null && connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets);
            if (anyName) {
                https.setHostnameVerifier((_, _) -> true);
            }
        }
        connection.setConnectTimeout(millis(connectTimeout));
        connection.setReadTimeout(millis(stallAfter.isZero() ? silenceMax : stallAfter));
        return connection;
    }

    /// Frees `thread`, which may be stuck in a write.
    void cut(Thread thread, HttpURLConnection connection) {
        if (sockets != null) {
            sockets.cut(thread);
        }
        connection.disconnect();
    }

    private static int millis(Duration duration) {
        return (int) Math.clamp(duration.toMillis(), 0L, (long) Integer.MAX_VALUE);
    }
}
