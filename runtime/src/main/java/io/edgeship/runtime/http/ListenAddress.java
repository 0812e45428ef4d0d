package io.edgeship.runtime.http;

import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigSection;

/// Where a server listens: `127.0.0.1:10902`, `[::1]:10902`, `:10902` for every address; port 0 for any free one.
public record ListenAddress(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /// @throws IllegalArgumentException with a message fit for people
    public static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (host.contains(":") && !bracketed)) {
            throw new IllegalArgumentException("is not host:port");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not host:port", e);
        }
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("has a port that is not 0 to " + PORT_MAX);
        }
        return new ListenAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    /// Reads `listen` of a section.
    public static ListenAddress from(ConfigSection http, String fallback) throws ConfigException {
        try {
            return parse(http.text("listen", fallback));
        } catch (IllegalArgumentException e) {
            throw http.wrong("listen", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
