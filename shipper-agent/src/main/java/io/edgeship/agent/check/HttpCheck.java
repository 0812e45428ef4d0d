package io.edgeship.agent.check;

import io.edgeship.runtime.http.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Whether the agent can listen where it shall, or does so.
final class HttpCheck {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int PAGE_BYTES_MAX = 1 << 20;

    private HttpCheck() {}

    /// Who listens there.
    enum Holder {
        NOBODY,
        AGENT,
        /// It wants a password, as an agent with `web.yml` does.
        LOCKED,
        OTHER
    }

    static Holder holder(ListenAddress listen) {
        InetSocketAddress address = listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return Holder.NOBODY;
        } catch (IOException taken) {
            String host =
                    listen.host().isEmpty() ? InetAddress.getLoopbackAddress().getHostAddress() : listen.host();
            return ask(new ListenAddress(host, listen.port()));
        }
    }

    private static Holder ask(ListenAddress at) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + at + "/metrics").toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try {
                int code = connection.getResponseCode();
                if (code == HttpURLConnection.HTTP_UNAUTHORIZED || code == HttpURLConnection.HTTP_BAD_REQUEST) {
                    return Holder.LOCKED;
                }
                try (InputStream in = connection.getInputStream()) {
                    String page = new String(in.readNBytes(PAGE_BYTES_MAX), StandardCharsets.UTF_8);
                    return page.contains("edgeship_ship_scans_total") ? Holder.AGENT : Holder.OTHER;
                }
            } finally {
                connection.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            return Holder.OTHER;
        }
    }

    static Finding judge(Holder holder, ListenAddress listen) {
        String fix = "set http.listen to another address, or stop what listens there";
        return switch (holder) {
            case NOBODY -> Finding.pass(Check.HTTP, listen + " is free");
            case AGENT -> Finding.pass(Check.HTTP, "an agent answers at " + listen);
            case LOCKED ->
                Finding.warn(
                        Check.HTTP,
                        listen + " wants TLS or a password: an agent with a web.yml, or something else",
                        fix);
            case OTHER ->
                Finding.fail(Check.HTTP, listen + " cannot be listened at, and what is there is no agent", fix);
        };
    }
}
