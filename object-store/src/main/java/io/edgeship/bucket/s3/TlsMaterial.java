package io.edgeship.bucket.s3;

import io.edgeship.bucket.CertificateClock;
import io.edgeship.runtime.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The certificates and keys that `http_config` names, as the HTTP client wants them. Thread-safe.
final class TlsMaterial {
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;
    private final X509ExtendedTrustManager trust;

    private TlsMaterial(SSLContext context, X509ExtendedTrustManager trust) {
        this.context = context;
        this.trust = trust;
    }

    /// @param clock by which certificates are checked
    static TlsMaterial of(S3Settings.Http settings, CertificateClock clock) throws ConfigException {
        KeyManager[] keys = settings.certFile().isEmpty() ? null : keys(settings.certFile(), settings.keyFile());
        X509ExtendedTrustManager trust =
                settings.insecureSkipVerify() ? new TrustsAll() : trust(settings.caFile(), clock);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return new TlsMaterial(context, trust);
        } catch (GeneralSecurityException e) {
            throw new ConfigException("tls_config: " + e.getMessage(), e);
        }
    }

    SSLSocketFactory sockets() {
        return context.getSocketFactory();
    }

    /// Checks the server's certificate by the time that its reply tells. After one that is not valid no session is
    /// resumed: the server may have a new one by the next handshake.
    void check(Instant date) throws CertificateException {
        if (!(trust instanceof DatedTrust dated)) {
            return;
        }
        try {
            dated.check(date);
        } catch (CertificateException e) {
            SSLSessionContext sessions = context.getClientSessionContext();
            for (byte[] id : Collections.list(sessions.getIds())) {
                Optional.ofNullable(sessions.getSession(id)).ifPresent(SSLSession::invalidate);
            }
            throw e;
        }
    }

    /// @param caFile empty for the system's authorities
    static DatedTrust trust(String caFile, CertificateClock clock) throws ConfigException {
        try {
            if (caFile.isEmpty()) {
                return DatedTrust.in(null, clock);
            }
            KeyStore store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(caFile)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return DatedTrust.in(store, clock);
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigException("tls_config.ca_file " + caFile + ": " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(String certFile, String keyFile) throws ConfigException {
        try {
            KeyStore store = emptyStore();
            Certificate[] chain = certificates(certFile).toArray(Certificate[]::new);
            store.setKeyEntry("client", privateKey(keyFile), NO_PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new ConfigException(
                    "tls_config.cert_file %s, key_file %s: %s".formatted(certFile, keyFile, e.getMessage()), e);
        }
    }

    /// For `insecure_skip_verify`. The extended kind, or the JDK would check the name all the same.
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String pemFile)
            throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(Path.of(pemFile))));
        if (certificates.isEmpty()) {
            throw new IOException("no certificate in it");
        }
        return certificates;
    }

    private static PrivateKey privateKey(String pemFile) throws GeneralSecurityException, IOException {
        String pem = Files.readString(Path.of(pemFile));
        if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
            throw new IOException("the key must be PKCS #8 without a password (BEGIN PRIVATE KEY)");
        }
        byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        InvalidKeySpecException last = new InvalidKeySpecException();
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
            } catch (InvalidKeySpecException otherKind) {
                last = otherKind;
            }
        }
        throw new IOException("the key is neither EC nor RSA nor Ed25519", last);
    }
}
