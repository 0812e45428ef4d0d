package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// How a client on the same machine gets in.
///
/// @param trust believes the server's own certificate and no other, whatever name it bears; empty where nothing is
///     encrypted
public record WebAccess(Optional<X509ExtendedTrustManager> trust) {
    /// @param webConfigFile of the server; of the files it names only the certificate is read
    public static WebAccess of(Path webConfigFile) throws ConfigException {
        Optional<TlsSettings> tls = WebConfig.read(webConfigFile).tls();
        return new WebAccess(
                tls.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Pinned(Certificates.chain(tls.get().cert())[0])));
    }

    /// Believes servers whose certificate an authority of `file` has signed.
    public static X509ExtendedTrustManager authority(Path file) throws ConfigException {
        return Certificates.authority(new PemSource.InFile("ca file", file));
    }

    private static final class Pinned extends X509ExtendedTrustManager {
        private final X509Certificate certificate;

        Pinned(X509Certificate certificate) {
            this.certificate = certificate;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!chain[0].equals(certificate)) {
                throw new CertificateException("the server shows another certificate than web_config_file names");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("a client trusts no client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
