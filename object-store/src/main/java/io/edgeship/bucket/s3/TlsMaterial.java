package io.edgeship.bucket.s3;

import io.edgeship.runtime.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/// The certificates and keys that `http_config` names, as the HTTP client wants them.
final class TlsMaterial {
    private static final char[] NO_PASSWORD = {};

    private TlsMaterial() {}

    static SdkHttpClient build(S3Settings.Http settings, UrlConnectionHttpClient.Builder client)
            throws ConfigException {
        if (!settings.caFile().isEmpty()) {
            TrustManager[] trust = trust(settings.caFile());
            client.tlsTrustManagersProvider(() -> trust);
        }
        if (!settings.certFile().isEmpty()) {
            KeyManager[] keys = keys(settings.certFile(), settings.keyFile());
            client.tlsKeyManagersProvider(() -> keys);
        }
        if (!settings.insecureSkipVerify()) {
            return client.build();
        }
        return client.buildWithDefaults(AttributeMap.builder()
                .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                .build());
    }

    private static TrustManager[] trust(String caFile) throws ConfigException {
        try {
            KeyStore store = emptyStore();
            int number = 0;
            for (Certificate certificate : certificates(caFile)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
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
