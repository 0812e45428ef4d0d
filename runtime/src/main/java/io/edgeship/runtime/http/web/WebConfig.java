package io.edgeship.runtime.http.web;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.config.ConfigSection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// `web.yml`, checked but for the files it names. Prints neither keys nor hashes.
///
/// @param users hash of the password by name; empty where nobody has to say who asks
record WebConfig(
        Optional<TlsSettings> tls,
        SortedMap<String, String> headers,
        SortedMap<String, String> users,
        SortedSet<String> keys) {
    /// Which headers may be set, and to what; an empty list for anything.
    private static final Map<String, List<String>> HEADERS = new TreeMap<>(Map.of(
            "Content-Security-Policy", List.of(),
            "Strict-Transport-Security", List.of(),
            "X-Content-Type-Options", List.of("nosniff"),
            "X-Frame-Options", List.of("deny", "sameorigin"),
            "X-XSS-Protection", List.of()));

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");

    static WebConfig read(Path file) throws ConfigException {
        Path directory = file.toAbsolutePath().getParent();
        return of(ConfigFile.read(file, Map.of()), directory == null ? Path.of("") : directory);
    }

    /// @param directory that relative file names are meant from
    static WebConfig of(ConfigFile file, Path directory) throws ConfigException {
        ConfigSection root = file.root();
        ConfigSection tls = root.section("tls_server_config");
        WebConfig config = new WebConfig(
                tls.isPresent() ? Optional.of(TlsSettings.from(tls, directory)) : Optional.empty(),
                headers(root.section("http_server_config")),
                users(root),
                file.keysRead());
        if (root.section("rate_limit").isPresent()) {
            throw root.wrong("rate_limit", "is not supported: leave it out");
        }
        file.rejectUnknownKeys();
        return config;
    }

    private static SortedMap<String, String> headers(ConfigSection http) throws ConfigException {
        if (http.flag("http2", false)) {
            throw http.wrong("http2", "is not supported: this server speaks HTTP/1.1; leave it out or say false");
        }
        SortedMap<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, String> header : http.textMap("headers").entrySet()) {
            List<String> allowed = HEADERS.get(header.getKey());
            if (allowed == null) {
                throw http.wrong("headers", "has '" + header.getKey() + "'; known are " + HEADERS.keySet());
            }
            boolean fits = allowed.isEmpty() || allowed.contains(header.getValue());
            if (!fits || !PRINTABLE.matcher(header.getValue()).matches()) {
                throw http.wrong(
                        "headers",
                        "has a value for " + header.getKey() + " that is not "
                                + (allowed.isEmpty() ? "one line of ASCII" : String.join(" or ", allowed)));
            }
            if (!header.getValue().isEmpty()) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        return headers;
    }

    private static SortedMap<String, String> users(ConfigSection root) throws ConfigException {
        SortedMap<String, String> users = new TreeMap<>(root.textMap("basic_auth_users"));
        for (Map.Entry<String, String> user : users.entrySet()) {
            if (user.getKey().contains(":")) {
                throw root.wrong("basic_auth_users", "has a name with a colon, which no client can send");
            }
            if (!BCRYPT.matcher(user.getValue()).matches()) {
                throw root.wrong(
                        "basic_auth_users",
                        "has no bcrypt hash ($2y$10$…) for '" + user.getKey() + "': htpasswd -nBC 10 NAME makes one");
            }
        }
        return users;
    }

    @Override
    public String toString() {
        return "WebConfig[tls " + tls.isPresent() + ", users " + users.keySet() + "]";
    }
}
