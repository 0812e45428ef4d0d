package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// `tls_server_config`, checked but for the files it names.
///
/// @param clientCa    whose certificates count; empty where none is verified
/// @param allowedSans of a client's names one has to be among these; empty for any
/// @param protocols   as Java names them
/// @param suites      empty for Java's own choice
/// @param groups      elliptic curves as Java names them; empty for Java's own choice
record TlsSettings(
        PemSource cert,
        PemSource key,
        Optional<PemSource> clientCa,
        ClientAuth clientAuth,
        Set<String> allowedSans,
        List<String> protocols,
        List<String> suites,
        boolean serverOrder,
        List<String> groups) {
    private static final List<String> VERSIONS = List.of("TLS12", "TLS13");
    private static final List<String> JAVA_VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    /// Not for anybody to choose, as in Go.
    private static final List<String> SUITES_OF_TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final Map<String, String> CURVES =
            Map.of("CurveP256", "secp256r1", "CurveP384", "secp384r1", "CurveP521", "secp521r1", "X25519", "x25519");

    TlsSettings {
        allowedSans = Set.copyOf(allowedSans);
        protocols = List.copyOf(protocols);
        suites = List.copyOf(suites);
        groups = List.copyOf(groups);
    }

    static TlsSettings from(ConfigSection tls, Path directory) throws ConfigException {
        PemSource cert = required(tls, "cert", directory);
        PemSource key = required(tls, "key", directory);
        Optional<PemSource> clientCa = source(tls, "client_ca", directory);
        String named = tls.text("client_auth_type", ClientAuth.NO_CLIENT_CERT.toString());
        ClientAuth auth = ClientAuth.of(named.isEmpty() ? ClientAuth.NO_CLIENT_CERT.toString() : named)
                .orElseThrow(() -> tls.wrong(
                        "client_auth_type", "is one of " + List.of(ClientAuth.values()) + ", spelled as in Go"));
        Set<String> sans = Set.copyOf(tls.texts("client_allowed_sans"));
        check(tls, auth, clientCa, sans);
        List<String> protocols = protocols(tls);
        return new TlsSettings(
                cert,
                key,
                clientCa,
                auth,
                sans,
                protocols,
                suites(tls, protocols),
                tls.flag("prefer_server_cipher_suites", true),
                groups(tls));
    }

    private static void check(ConfigSection tls, ClientAuth auth, Optional<PemSource> clientCa, Set<String> sans)
            throws ConfigException {
        if (auth.verifies() && clientCa.isEmpty()) {
            throw tls.wrong("client_ca_file", "is missing: " + auth + " has to know whose certificates count");
        }
        if (!auth.verifies() && clientCa.isPresent()) {
            throw tls.wrong(
                    "client_auth_type",
                    "is " + auth + ", which verifies nothing, though a client_ca is given; say "
                            + ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT);
        }
        if (!sans.isEmpty() && auth != ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT) {
            throw tls.wrong("client_allowed_sans", "goes with " + ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT);
        }
    }

    private static PemSource required(ConfigSection tls, String key, Path directory) throws ConfigException {
        return source(tls, key, directory).orElseThrow(() -> tls.wrong(key + "_file", "is missing, and so is " + key));
    }

    private static Optional<PemSource> source(ConfigSection tls, String key, Path directory) throws ConfigException {
        Optional<String> inline = tls.text(key).filter(text -> !text.isEmpty());
        Optional<String> file = tls.text(key + "_file").filter(text -> !text.isEmpty());
        if (inline.isPresent() && file.isPresent()) {
            throw tls.wrong(key, "and " + key + "_file are both given: leave one out");
        }
        if (inline.isPresent()) {
            return Optional.of(new PemSource.Inline(key, inline.get()));
        }
        return file.map(name -> new PemSource.InFile(key + "_file", directory.resolve(name)));
    }

    private static List<String> protocols(ConfigSection tls) throws ConfigException {
        int from = version(tls, "min_version", "TLS12");
        int to = version(tls, "max_version", "TLS13");
        if (from > to) {
            throw tls.wrong("max_version", "is older than min_version");
        }
        return JAVA_VERSIONS.subList(from, to + 1);
    }

    private static int version(ConfigSection tls, String key, String fallback) throws ConfigException {
        int found = VERSIONS.indexOf(tls.text(key, fallback));
        if (found < 0) {
            throw tls.wrong(key, "is TLS12 or TLS13; older ones are switched off in Java, and nothing else is known");
        }
        return found;
    }

    /// As in Go, the list is for TLS 1.2; those of TLS 1.3 are always there.
    private static List<String> suites(ConfigSection tls, List<String> protocols) throws ConfigException {
        List<String> wanted = tls.texts("cipher_suites");
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<String> known = supported();
        for (String suite : wanted) {
            if (!known.contains(suite)) {
                throw tls.wrong("cipher_suites", "has " + suite + ", which is not known here or not safe");
            }
        }
        List<String> all = new ArrayList<>(wanted);
        if (protocols.contains("TLSv1.3")) {
            SUITES_OF_TLS13.stream().filter(suite -> !all.contains(suite)).forEach(all::add);
        }
        return all;
    }

    private static List<String> supported() {
        try {
            SSLParameters supported = SSLContext.getDefault().getSupportedSSLParameters();
            return List.of(supported.getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has a default TLS", e);
        }
    }

    private static List<String> groups(ConfigSection tls) throws ConfigException {
        List<String> groups = new ArrayList<>();
        for (String curve : tls.texts("curve_preferences")) {
            String group = CURVES.get(curve);
            if (group == null) {
                throw tls.wrong(
                        "curve_preferences", "has " + curve + "; known are CurveP256, CurveP384, CurveP521, X25519");
            }
            groups.add(group);
        }
        return groups;
    }

    /// For one connection.
    SSLParameters applyTo(SSLParameters parameters) {
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (!suites.isEmpty()) {
            parameters.setCipherSuites(suites.toArray(String[]::new));
        }
        if (!groups.isEmpty()) {
            parameters.setNamedGroups(groups.toArray(String[]::new));
        }
        parameters.setUseCipherSuitesOrder(serverOrder);
        clientAuth.applyTo(parameters);
        return parameters;
    }
}
