package io.edgeship.ship.loki;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Answers as a Loki that takes delete requests does; of its configuration it says nothing.
final class DeletingLoki implements AutoCloseable {
    static final Instant ASKED = Instant.parse("2026-11-22T12:00:00Z");

    private final HttpServer server;

    /// What is answered, by tenant.
    private final Map<String, String> requests = new ConcurrentHashMap<>();

    DeletingLoki() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.createContext("/loki/api/v1/delete", exchange -> {
            String tenant = exchange.getRequestHeaders().getFirst("X-Scope-OrgID");
            byte[] page = requests.getOrDefault(tenant, "[]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
    }

    /// Tenant `acme` has asked, half a second after [#ASKED], that lines of all times that say `secret` be
    /// deleted.
    void asked(String selector, String status) {
        answers("""
                [{"request_id":"a1b2","start_time":0,"end_time":%d.999,"query":"%s |= `secret`","status":"%s","created_at":%d.500}]
                """.formatted(
                        ASKED.getEpochSecond() * 2, selector.replace("\"", "\\\""), status, ASKED.getEpochSecond()));
    }

    /// Lists so for `acme`.
    void answers(String list) {
        requests.put("acme", list);
    }

    void forgets() {
        requests.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
