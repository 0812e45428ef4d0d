package io.edgeship.runtime.http;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.web.ClientKeys;
import io.edgeship.runtime.http.web.WebAccess;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Asks an [OpsServer], from the same machine by its configuration or from elsewhere by its address.
public final class OpsClient {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 10_000;
    private static final int BYTES_MAX = 16 << 20;

    private final URI base;
    private final ClientKeys keys;
    private final SSLSocketFactory sockets;
    private final boolean anyName;
    private final Optional<String> authorization;

    /// How to get in where the server asks.
    ///
    /// @param url    of the server; empty for where the configuration says that it listens
    /// @param login  `name:password`
    /// @param caFile vouches for the server; empty for the certificate of `web_config_file`, or for the system's
    ///     authorities where there is a `url`
    /// @param keys   what is shown where the server asks for a client's certificate
    public record Access(Optional<URI> url, Optional<String> login, Optional<Path> caFile, ClientKeys keys) {
        /// As the configuration says, and nothing to show.
        public static Access plain() {
            return new Access(Optional.empty(), Optional.empty(), Optional.empty(), ClientKeys.none());
        }

        /// Without the password.
        @Override
        public String toString() {
            return "Access[url " + url + "]";
        }
    }

    /// The server does not let this client in.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean ours;

        private Refused(String message, boolean ours) {
            super(message);
            this.ours = ours;
        }

        /// Whether it refuses as an [OpsServer] does that is set up like this.
        public boolean isOurs() {
            return ours;
        }
    }

    private OpsClient(URI base, Optional<X509ExtendedTrustManager> trust, boolean anyName, Access access) {
        this.base = base;
        keys = access.keys();
        sockets = sockets(trust, keys);
        this.anyName = anyName;
        authorization = access.login()
                .map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// @throws ConfigException if the web configuration or a file it names cannot be read
    public static OpsClient of(HttpConfig config, Access access) throws ConfigException {
        Optional<X509ExtendedTrustManager> authority = access.caFile().isEmpty()
                ? Optional.empty()
                : Optional.of(WebAccess.authority(access.caFile().get()));
        if (access.url().isPresent()) {
            return new OpsClient(access.url().get(), authority, false, access);
        }
        Optional<X509ExtendedTrustManager> pinned = config.webConfigFile().isEmpty()
                ? Optional.empty()
                : WebAccess.of(config.webConfigFile().get()).trust();
        URI base = URI.create((pinned.isPresent() ? "https://" : "http://") + reachable(config.listen()));
        return new OpsClient(base, authority.or(() -> pinned), authority.isEmpty(), access);
    }

    /// Who listens on every address listens on this one.
    private static ListenAddress reachable(ListenAddress listen) {
        return switch (listen.host()) {
            case "", "0.0.0.0" -> new ListenAddress("127.0.0.1", listen.port());
            case "::" -> new ListenAddress("::1", listen.port());
            default -> listen;
        };
    }

    /// Without `trust` the system's authorities count.
    private static SSLSocketFactory sockets(Optional<X509ExtendedTrustManager> trust, ClientKeys keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] ours = trust.stream().toArray(TrustManager[]::new);
            context.init(new KeyManager[] {keys}, ours.length == 0 ? null : ours, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /// The server's address.
    public URI base() {
        return base;
    }

    /// What the page says.
    ///
    /// @throws java.net.ConnectException if nobody listens
    /// @throws Refused                   if the server wants to know who asks
    public byte[] get(String path) throws IOException {
        URI uri = base.resolve(path);
        HttpURLConnection connection = connection(uri);
        try {
            int status = status(connection, uri);
            if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
                throw new Refused(
                        uri + ": " + (authorization.isEmpty() ? "asks for" : "does not take that")
                                + " name and password",
                        OpsServer.CHALLENGE.equals(connection.getHeaderField("WWW-Authenticate")));
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException(uri + " answered " + status);
            }
            try (InputStream in = connection.getInputStream()) {
                return in.readNBytes(BYTES_MAX);
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connection(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(sockets);
            if (anyName) {
                secure.setHostnameVerifier((_, _) -> true); // the certificate itself is the one expected
            }
        }
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
        return connection;
    }

    /// With TLS 1.3 a server refuses a certificate only after the client holds the handshake for done: what is told
    /// then may be an alert, just an end, or a request that cannot be written.
    private int status(HttpURLConnection connection, URI uri) throws IOException {
        try {
            return connection.getResponseCode();
        } catch (IOException e) {
            if (!keys.wereAsked() || e instanceof SocketTimeoutException) {
                throw e;
            }
            Refused refused = new Refused(
                    uri + ": "
                            + (keys.isPresent()
                                    ? "does not take that certificate of a client"
                                    : "asks for a client's certificate")
                            + " (" + e.getMessage() + ")",
                    anyName);
            refused.initCause(e);
            throw refused;
        }
    }
}
