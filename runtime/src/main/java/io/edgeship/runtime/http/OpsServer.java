package io.edgeship.runtime.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgeship.runtime.log.Log;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The HTTP server that operators and Prometheus ask. Read-only: it answers GET and HEAD. Thread-safe.
public final class OpsServer implements AutoCloseable {
    private static final Log LOG = Log.of(OpsServer.class);

    private static final int BACKLOG_MAX = 16;
    private static final int THREADS_MAX = 2;
    private static final int WAITING_MAX = 64;
    /// Connections at once; as many as may wait for a thread, so that none is ever turned away unanswered.
    private static final int CONNECTIONS_MAX = WAITING_MAX;

    /// Whoever sends or reads more slowly is cut off, or two idle peers would hold both threads.
    private static final int REQUEST_SECONDS_MAX = 30;

    private static final String TEXT = "text/plain; charset=utf-8";

    static {
        setUnlessSet("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_SECONDS_MAX);
        setUnlessSet("sun.net.httpserver.maxRspTime", REQUEST_SECONDS_MAX);
    }

    private final HttpServer server;
    private final ExecutorService threads;

    private record Reply(int status, String contentType, String body) {}

    private OpsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /// Listens and answers `/metrics`, `/-/healthy` and `/-/ready` at once.
    public static OpsServer start(ListenAddress listen, Metrics metrics, Health health) throws IOException {
        InetSocketAddress address = listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new IOException("listening on " + listen + ": unknown host");
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG_MAX);
        } catch (BindException e) {
            throw new IOException("listening on " + listen + ": " + e.getMessage(), e);
        }
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "http");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        OpsServer started = new OpsServer(server, threads);
        started.answer("/", () -> new Reply(200, TEXT, "/metrics\n/-/healthy\n/-/ready\n"));
        started.answer("/metrics", () -> new Reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        started.answer("/-/healthy", () -> new Reply(200, TEXT, "healthy\n"));
        started.answer("/-/ready", () -> readiness(health));
        server.start();
        return started;
    }

    /// Adds a page, or replaces the one at `/`.
    public OpsServer page(String path, String contentType, Supplier<String> body) {
        if (path.equals("/")) {
            server.removeContext("/");
        }
        answer(path, () -> new Reply(200, contentType, body.get()));
        return this;
    }

    /// The port that it listens on, the chosen one where 0 was asked for.
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /// The JDK's server takes its limits from system properties, once.
    private static void setUnlessSet(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    private static Reply readiness(Health health) {
        if (health.ready()) {
            return new Reply(200, TEXT, "ready\n");
        }
        StringBuilder reasons = new StringBuilder();
        health.problems()
                .forEach((check, reason) ->
                        reasons.append(check).append(": ").append(reason).append('\n'));
        return new Reply(503, TEXT, reasons.toString());
    }

    private void answer(String path, Supplier<Reply> page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                send(exchange, replyTo(exchange, path, page));
            }
        });
    }

    private static Reply replyTo(HttpExchange exchange, String path, Supplier<Reply> page) {
        if (!path.equals(exchange.getRequestURI().getPath())) {
            return new Reply(404, TEXT, "no such page\n"); // a context also gets all that lies below its path
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return new Reply(405, TEXT, "only GET and HEAD\n");
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.error("page threw", e, "path", path);
            return new Reply(500, TEXT, "internal error, see the log\n");
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
