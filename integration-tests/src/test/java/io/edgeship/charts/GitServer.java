package io.edgeship.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Git's own backend behind HTTP on loopback, which lets in whoever has the right token, as a forge does.
final class GitServer implements AutoCloseable {
    private static final String END_OF_HEADERS = "\r\n\r\n";

    private static final Map<String, String> PASSED_ON = Map.of(
            "Content-Type", "CONTENT_TYPE",
            "Content-Encoding", "HTTP_CONTENT_ENCODING",
            "Git-Protocol", "HTTP_GIT_PROTOCOL");

    private final HttpServer server;
    private final Path repositories;
    private final String backend;
    private final List<String> commandLines = new CopyOnWriteArrayList<>();
    private volatile String expected = "";
    private volatile int refusal = 401;

    private GitServer(Path repositories, String backend) throws IOException {
        this.repositories = repositories;
        this.backend = backend;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /// Serves what lies beside a repository.
    static GitServer beside(GitRepository repository) throws IOException, InterruptedException {
        Path backend = Path.of(repository.git("--exec-path").strip(), "git-http-backend");
        return new GitServer(repository.directory().resolveSibling("."), backend.toString());
    }

    String url(GitRepository repository) {
        return "http://%s/%s/.git".formatted(host(), repository.directory().getFileName());
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// Only this name and token from now on.
    void lets(String name, String token) {
        String both = name + ":" + token;
        expected = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    /// What the others are answered: 401, or 403 where who they are is known.
    void refusesBy(int status) {
        refusal = status;
    }

    /// All processes of the machine, as they were seen at each request.
    List<String> commandLines() {
        return List.copyOf(commandLines);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ProcessHandle.allProcesses()
                    .flatMap(each -> each.info().commandLine().stream())
                    .forEach(commandLines::add);
            byte[] body = exchange.getRequestBody().readAllBytes();
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            if (expected.equals(shown)) {
                pass(exchange, body);
                return;
            }
            int status = shown == null ? 401 : refusal;
            if (status == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"the fleet\"");
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void pass(HttpExchange exchange, byte[] body) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(backend);
        builder.environment().putAll(GitRepository.ENVIRONMENT);
        builder.environment().putAll(cgi(exchange, body.length));
        Process process = builder.start();
        // The backend reads all of it before it answers.
        process.getOutputStream().write(body);
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        int headers = new String(output, StandardCharsets.ISO_8859_1).indexOf(END_OF_HEADERS);
        if (headers < 0) {
            throw new IOException("git-http-backend ended without an answer");
        }
        int status = 200;
        for (String line : new String(output, 0, headers, StandardCharsets.ISO_8859_1).split("\r\n")) {
            String[] parts = line.split(": ", 2);
            if (parts[0].equals("Status")) {
                status = Integer.parseInt(parts[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(parts[0], parts[1]);
            }
        }
        byte[] answer = Arrays.copyOfRange(output, headers + END_OF_HEADERS.length(), output.length);
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
    }

    private Map<String, String> cgi(HttpExchange exchange, int bytes) {
        Map<String, String> all = new HashMap<>(Map.of(
                "GIT_PROJECT_ROOT",
                repositories.normalize().toString(),
                "GIT_HTTP_EXPORT_ALL",
                "1",
                "GIT_CONFIG_COUNT",
                "1",
                "GIT_CONFIG_KEY_0",
                "safe.directory",
                "GIT_CONFIG_VALUE_0",
                "*",
                "REQUEST_METHOD",
                exchange.getRequestMethod(),
                "PATH_INFO",
                exchange.getRequestURI().getPath(),
                "CONTENT_LENGTH",
                Integer.toString(bytes)));
        String query = exchange.getRequestURI().getQuery();
        all.put("QUERY_STRING", query == null ? "" : query);
        PASSED_ON.forEach((header, name) -> {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                all.put(name, value);
            }
        });
        return all;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
