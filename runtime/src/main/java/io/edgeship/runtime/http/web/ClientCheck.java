package io.edgeship.runtime.http.web;

import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges clients' certificates by the settings read last. Thread-safe.
final class ClientCheck extends X509ExtendedTrustManager {
    private final Supplier<Rules> current;

    /// @param authority   empty where any certificate will do
    /// @param allowedSans empty where any name will do
    record Rules(Optional<X509ExtendedTrustManager> authority, Set<String> allowedSans) {}

    ClientCheck(Supplier<Rules> current) {
        this.current = current;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        Rules rules = current.get();
        if (rules.authority().isPresent()) {
            rules.authority().get().checkClientTrusted(chain, type);
        }
        checkName(rules, chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    private static void checkName(Rules rules, X509Certificate certificate) throws CertificateException {
        if (rules.allowedSans().isEmpty()) {
            return;
        }
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            if (name.get(1) instanceof String text && isAllowed(rules.allowedSans(), (int) name.getFirst(), text)) {
                return;
            }
        }
        throw new CertificateException("no subject alternative name of the client's certificate is allowed");
    }

    private static boolean isAllowed(Set<String> allowed, int kind, String name) {
        return switch (kind) {
            case 1, 2, 6 -> allowed.contains(name); // an e-mail address, a host, a URI
            case 7 -> allowed.stream().anyMatch(one -> isSameAddress(one, name));
            default -> false;
        };
    }

    /// An IPv6 address has many spellings.
    private static boolean isSameAddress(String one, String other) {
        try {
            return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return current.get()
                .authority()
                .map(X509ExtendedTrustManager::getAcceptedIssuers)
                .orElseGet(() -> new X509Certificate[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("a server trusts no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }
}
