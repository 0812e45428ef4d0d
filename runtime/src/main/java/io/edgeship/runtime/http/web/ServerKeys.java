package io.edgeship.runtime.http.web;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the certificate that was read last. A handshake asks three times, for a name, a chain and a key: the name says
/// which pair it began with, so that none gets the chain of one and the key of another. Thread-safe.
final class ServerKeys extends X509ExtendedKeyManager {
    private final Supplier<Certificates> current;
    private Pair latest;
    private Pair before;

    private record Pair(String alias, Certificates certificates) {}

    ServerKeys(Supplier<Certificates> current) {
        this.current = current;
        latest = new Pair("1", current.get());
        before = latest;
    }

    private synchronized Pair latest() {
        Certificates now = current.get();
        if (!now.equals(latest.certificates())) {
            before = latest;
            latest = new Pair(String.valueOf(Long.parseLong(latest.alias()) + 1), now);
        }
        return latest;
    }

    private synchronized Certificates named(String alias) {
        return alias.equals(before.alias()) ? before.certificates() : latest.certificates();
    }

    private @Nullable String alias(String keyType) {
        Pair pair = latest();
        return pair.certificates().isOfType(keyType) ? pair.alias() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).chain().clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // never a client
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
