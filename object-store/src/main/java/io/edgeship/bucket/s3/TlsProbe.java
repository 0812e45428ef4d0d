package io.edgeship.bucket.s3;

import io.edgeship.bucket.CertificateClock;
import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One TLS handshake with an endpoint, to see what certificate it shows and whether the settings trust it. No request
/// is made.
public final class TlsProbe {
    private TlsProbe() {}

    /// What the handshake told.
    public sealed interface Result {
        /// @param until of all certificates that were shown the first to expire
        record Trusted(String subject, String issuer, Instant until) implements Result {}

        record Untrusted(String why, String subject) implements Result {}

        record Unreachable(String why) implements Result {}
    }

    /// @param clock by which the settings trust or do not: how long a certificate still holds is for the caller to
    /// judge
    public static Result of(S3Settings settings, CertificateClock clock) {
        try {
            X509Certificate[] chain = chain(settings, sockets(settings.http(), clock));
            Instant until = Instant.MAX;
            for (X509Certificate certificate : chain) {
                Instant end = certificate.getNotAfter().toInstant();
                until = end.isBefore(until) ? end : until;
            }
            return new Result.Trusted(
                    subject(chain), chain[0].getIssuerX500Principal().getName(), until);
        } catch (SSLException e) {
            return untrusted(settings, clock, e);
        } catch (IOException | ConfigException e) {
            return new Result.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    /// Asks once more, trusting anybody, whose certificate it is.
    private static Result untrusted(S3Settings settings, CertificateClock clock, SSLException refused) {
        S3Settings.Http http = settings.http();
        S3Settings.Http anybody = new S3Settings.Http(
                http.responseHeaderTimeout(), http.connectTimeout(), true, "", http.certFile(), http.keyFile());
        String why = refused.getCause() == null
                ? String.valueOf(refused.getMessage())
                : String.valueOf(refused.getCause().getMessage());
        try {
            return new Result.Untrusted(why, subject(chain(settings, sockets(anybody, clock))));
        } catch (IOException | ConfigException e) {
            return new Result.Unreachable("no TLS there: " + why);
        }
    }

    private static SSLSocketFactory sockets(S3Settings.Http http, CertificateClock clock) throws ConfigException {
        return TlsMaterial.of(http, clock).sockets();
    }

    private static String subject(X509Certificate[] chain) {
        return chain[0].getSubjectX500Principal().getName();
    }

    private static X509Certificate[] chain(S3Settings settings, SSLSocketFactory sockets) throws IOException {
        URI endpoint = URI.create("https://" + settings.endpoint());
        int timeout = (int) Math.clamp(settings.http().connectTimeout().toMillis(), 1L, (long) Integer.MAX_VALUE);
        InetSocketAddress hop = settings.firstHop();
        if (!hop.getHostString().equals(endpoint.getHost())) {
            throw new IOException("a proxy is between, " + hop + ": not looked through it");
        }
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(hop.getHostString(), hop.getPort()), timeout);
            plain.setSoTimeout(timeout);
            try (SSLSocket socket = (SSLSocket) sockets.createSocket(plain, endpoint.getHost(), hop.getPort(), true)) {
                if (!settings.http().insecureSkipVerify()) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                socket.startHandshake();
                return x509(socket.getSession().getPeerCertificates());
            }
        }
    }

    private static X509Certificate[] x509(Certificate[] certificates) throws SSLPeerUnverifiedException {
        X509Certificate[] chain = new X509Certificate[certificates.length];
        for (int i = 0; i < chain.length; i++) {
            if (!(certificates[i] instanceof X509Certificate certificate)) {
                throw new SSLPeerUnverifiedException("no X.509 certificate");
            }
            chain[i] = certificate;
        }
        return chain;
    }
}
