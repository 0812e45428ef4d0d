package io.edgeship.bucket.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/// An S3 server that gives the replies of a script, one a request, and keeps the requests. A request past
/// the script's end is answered with status 400.
final class ScriptedStore implements AutoCloseable {
    private final ConcurrentLinkedDeque<Reply> script = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /// Answers one request, or cuts its connection.
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    ScriptedStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                Reply next = script.poll();
                (next == null ? error(400, "PastTheScript") : next).to(exchange);
            }
        });
        server.start();
    }

    ScriptedStore then(Reply... replies) {
        script.addAll(List.of(replies));
        return this;
    }

    /// `METHOD /path?query` of each request so far.
    List<String> requests() {
        return List.copyOf(requests);
    }

    String endpoint() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    static Reply error(int status, String code) {
        byte[] body = "<Error><Code>%s</Code><Message>scripted</Message></Error>"
                .formatted(code)
                .getBytes(UTF_8);
        return exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        };
    }

    static Reply stored(String eTag) {
        return exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"" + eTag + "\"");
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /// The reply to a HEAD.
    static Reply object(long sizeBytes, String eTag) {
        return exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"" + eTag + "\"");
            exchange.getResponseHeaders().add("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT");
            exchange.getResponseHeaders().add("Content-Length", Long.toString(sizeBytes));
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /// A reply whose head ended early, after the status.
    static Reply bare() {
        return exchange -> {
            exchange.getResponseHeaders().set("Transfer-Encoding", "identity");
            exchange.sendResponseHeaders(200, -1);
        };
    }

    /// The reply to a GET: announces more than it sends.
    static Reply cutShort(long announcedBytes, byte[] sent) {
        return exchange -> {
            exchange.sendResponseHeaders(200, announcedBytes);
            exchange.getResponseBody().write(sent);
            exchange.getResponseBody().flush();
        };
    }

    /// Takes the request and closes the connection without a word.
    static Reply cut() {
        return exchange -> {};
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
