package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// What the files of `tls_server_config` held when they were read: what the server shows, and whom it believes.
///
/// @param authority empty where no client's certificate is verified
record Certificates(X509Certificate[] chain, PrivateKey key, Optional<X509ExtendedTrustManager> authority) {
    static Certificates read(TlsSettings settings) throws ConfigException {
        Certificates pair = pair(settings.cert(), settings.key());
        Optional<PemSource> ca = settings.clientCa();
        return ca.isEmpty() ? pair : new Certificates(pair.chain(), pair.key(), Optional.of(authority(ca.get())));
    }

    /// A certificate, and the key that it belongs to.
    static Certificates pair(PemSource cert, PemSource secret) throws ConfigException {
        X509Certificate[] chain = chain(cert);
        PrivateKey key = reading(secret, () -> PrivateKeys.read(secret.pem()));
        if (!belong(chain[0].getPublicKey(), key)) {
            throw new ConfigException(secret.name() + ": is not the key of the certificate in " + cert.name());
        }
        return new Certificates(chain, key, Optional.empty());
    }

    /// @param keyType in the words of a handshake: `RSA`, `EC`, `EC_EC` or `EdDSA`
    boolean isOfType(String keyType) {
        String algorithm = key.getAlgorithm();
        return keyType.equals(algorithm) || (keyType.startsWith("EC_") && algorithm.equals("EC"));
    }

    /// In the order of the file; never empty.
    static X509Certificate[] chain(PemSource source) throws ConfigException {
        return reading(source, () -> parsed(source.pem()));
    }

    /// Believes what was signed by a certificate of `source`.
    static X509ExtendedTrustManager authority(PemSource source) throws ConfigException {
        return reading(source, () -> {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : parsed(source.pem())) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager one : factory.getTrustManagers()) {
                if (one instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("every Java can verify X.509");
        });
    }

    private static X509Certificate[] parsed(String pem) throws IOException, CertificateException {
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new IOException("no certificate in it (-----BEGIN CERTIFICATE-----)");
        }
        byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)).stream()
                .map(X509Certificate.class::cast)
                .toArray(X509Certificate[]::new);
    }

    /// Signs something and looks whether the certificate agrees.
    private static boolean belong(PublicKey open, PrivateKey secret) throws ConfigException {
        String algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(secret);
            byte[] signed = signing.sign();
            signing.initVerify(open);
            return signing.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // not even the same kind
        }
    }

    private interface Reading<T> {
        T read() throws IOException, GeneralSecurityException;
    }

    /// An error names the key of `web.yml` and the file, and quotes nothing.
    private static <T> T reading(PemSource source, Reading<T> reading) throws ConfigException {
        try {
            return reading.read();
        } catch (NoSuchFileException e) {
            throw new ConfigException(source.name() + ": no such file", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException(source.name() + ": " + e.getMessage(), e);
        }
    }
}
