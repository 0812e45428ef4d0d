package io.edgeship.runtime.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.web.WebConfigFile;
import io.edgeship.runtime.log.Log;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

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

    /// How every request is answered that does not say who asks.
    static final String CHALLENGE = "Basic realm=\"edgeship\"";

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    static {
        setUnlessSet("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_SECONDS_MAX);
        setUnlessSet("sun.net.httpserver.maxRspTime", REQUEST_SECONDS_MAX);
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Optional<WebConfigFile> web;
    private final Counter unauthorized;

    private record Reply(int status, Answer answer) {
        Reply(int status, String text) {
            this(status, Answer.of(TEXT, text));
        }
    }

    /// What a page says.
    ///
    /// @param headers beside those that every reply has
    public record Answer(String contentType, String body, Map<String, String> headers) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        public static Answer of(String contentType, String body) {
            return new Answer(contentType, body, Map.of());
        }
    }

    /// A page that looks at who asks.
    public interface Page {
        /// @param accept the request's header, or empty
        Answer answer(String accept);
    }

    private OpsServer(HttpServer server, ExecutorService threads, Optional<WebConfigFile> web, MeterRegistry registry) {
        this.server = server;
        this.threads = threads;
        this.web = web;
        unauthorized = Counter.builder("edgeship.http.unauthorized.requests")
                .description("Requests refused for want of a name and password.")
                .register(registry);
        FunctionCounter.builder(
                        "edgeship.http.reload.failures",
                        this,
                        self -> self.web.map(WebConfigFile::failures).orElse(0L))
                .description("Changes of web_config_file, or of a file it names, that could not be used.")
                .register(registry);
        Gauge.builder("edgeship.http.certificate.not.after.timestamp.seconds", this, OpsServer::notAfterSeconds)
                .description("Until when the server's certificate is good; NaN without TLS.")
                .register(registry);
    }

    private static double notAfterSeconds(OpsServer server) {
        return server.web
                .flatMap(WebConfigFile::notAfter)
                .map(at -> (double) at.getEpochSecond())
                .orElse(Double.NaN);
    }

    /// Listens and answers `/metrics`, `/-/healthy` and `/-/ready` at once, without encryption, to anybody.
    public static OpsServer start(ListenAddress listen, Metrics metrics, Health health) throws IOException {
        return start(listen, Optional.empty(), metrics, health);
    }

    /// Listens and answers `/metrics`, `/-/healthy` and `/-/ready` at once.
    ///
    /// @throws ConfigException if the web configuration cannot be used
    public static OpsServer start(HttpConfig config, Metrics metrics, Health health)
            throws IOException, ConfigException {
        Optional<WebConfigFile> web = config.webConfigFile().isEmpty()
                ? Optional.empty()
                : Optional.of(WebConfigFile.open(config.webConfigFile().get()));
        return start(config.listen(), web, metrics, health);
    }

    private static OpsServer start(ListenAddress listen, Optional<WebConfigFile> web, Metrics metrics, Health health)
            throws IOException {
        InetSocketAddress address = listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new IOException("listening on " + listen + ": unknown host");
        }
        HttpServer server;
        try {
            server = create(address, web);
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
        OpsServer started = new OpsServer(server, threads, web, metrics.registry());
        started.answer("/", _ -> new Reply(200, "/metrics\n/-/healthy\n/-/ready\n"));
        started.answer("/metrics", _ -> new Reply(200, Answer.of(METRICS, metrics.scrape())));
        started.answer("/-/healthy", _ -> new Reply(200, "healthy\n"));
        started.answer("/-/ready", _ -> readiness(health));
        server.start();
        return started;
    }

    private static HttpServer create(InetSocketAddress address, Optional<WebConfigFile> web) throws IOException {
        Optional<SSLContext> tls = web.flatMap(WebConfigFile::tls);
        if (tls.isEmpty()) {
            return HttpServer.create(address, BACKLOG_MAX);
        }
        HttpsServer server = HttpsServer.create(address, BACKLOG_MAX);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.get()) {
            @Override
            public void configure(HttpsParameters connection) {
                connection.setSSLParameters(web.get().parameters());
            }
        });
        return server;
    }

    /// Adds a page, or replaces the one at `/`.
    public OpsServer page(String path, String contentType, Supplier<String> body) {
        return page(path, _ -> Answer.of(contentType, body.get()));
    }

    /// Adds a page, or replaces the one at `/`.
    public OpsServer page(String path, Page page) {
        if (path.equals("/")) {
            server.removeContext("/");
        }
        answer(path, accept -> new Reply(200, page.answer(accept)));
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
            return new Reply(200, "ready\n");
        }
        StringBuilder reasons = new StringBuilder();
        health.problems()
                .forEach((check, reason) ->
                        reasons.append(check).append(": ").append(reason).append('\n'));
        return new Reply(503, reasons.toString());
    }

    /// Answers at `path`.
    private interface Replying {
        Reply to(String accept);
    }

    private void answer(String path, Replying page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                send(exchange, isAdmitted(exchange) ? replyTo(exchange, path, page) : refusal());
            }
        });
    }

    /// Before anything else is looked at: who may not ask learns nothing, not even which pages there are.
    private boolean isAdmitted(HttpExchange exchange) {
        return web.isEmpty() || web.get().admits(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private Reply refusal() {
        unauthorized.increment();
        return new Reply(
                401, new Answer(TEXT, "name and password are wanted\n", Map.of("WWW-Authenticate", CHALLENGE)));
    }

    private static Reply replyTo(HttpExchange exchange, String path, Replying page) {
        if (!path.equals(exchange.getRequestURI().getPath())) {
            return new Reply(404, "no such page\n"); // a context also gets all that lies below its path
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return new Reply(405, new Answer(TEXT, "only GET and HEAD\n", Map.of("Allow", "GET, HEAD")));
        }
        try {
            List<String> accept = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
            return page.to(String.join(",", accept));
        } catch (RuntimeException e) {
            LOG.error("page threw", e, "path", path);
            return new Reply(500, "internal error, see the log\n");
        }
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.answer().body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        web.map(WebConfigFile::headers).ifPresent(all -> all.forEach(exchange.getResponseHeaders()::set));
        reply.answer().headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", reply.answer().contentType());
        if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
