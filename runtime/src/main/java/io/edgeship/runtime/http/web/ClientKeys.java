package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// What a client shows where a server asks for a certificate, and whether one did. Thread-safe.
public final class ClientKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final Optional<Certificates> shown;
    private volatile boolean asked;

    private ClientKeys(Optional<Certificates> shown) {
        this.shown = shown;
    }

    /// Shows nothing.
    public static ClientKeys none() {
        return new ClientKeys(Optional.empty());
    }

    /// @param certificate and those that lead to its authority, PEM
    /// @param key         its private key, PEM
    /// @throws ConfigException if one cannot be read, or they do not belong together
    public static ClientKeys of(Path certificate, Path key) throws ConfigException {
        return new ClientKeys(Optional.of(Certificates.pair(
                new PemSource.InFile("cert file", certificate), new PemSource.InFile("key file", key))));
    }

    /// Whether a server has asked so far.
    public boolean wereAsked() {
        return asked;
    }

    /// Whether there is something to show.
    public boolean isPresent() {
        return shown.isPresent();
    }

    /// The server names the authorities that it believes, and says itself what it does not take: any is shown.
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        asked = true;
        return shown.filter(pair -> Arrays.stream(keyTypes).anyMatch(pair::isOfType))
                .map(_ -> ALIAS)
                .orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return shown.map(pair -> pair.chain().clone()).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return shown.map(Certificates::key).orElse(null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return shown.filter(pair -> pair.isOfType(keyType)).isPresent()
                ? List.of(ALIAS).toArray(String[]::new)
                : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // never a server
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}
