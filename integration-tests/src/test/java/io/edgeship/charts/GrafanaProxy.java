package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/// Grafana's datasource proxy as far as `check` asks it: `/api/datasources/proxy/uid/UID/…` goes to that datasource,
/// with
/// the header that it is provisioned with.
final class GrafanaProxy implements AutoCloseable {
    private static final String PREFIX = "/api/datasources/proxy/uid/";

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<?> datasources;

    /// @param provisioned a file of datasources, with addresses that answer here
    GrafanaProxy(String provisioned) throws IOException {
        datasources = (List<?>) at(Chart.parse(provisioned), "datasources");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PREFIX, this::pass);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        String rest = exchange.getRequestURI().toString().substring(PREFIX.length());
        String uid = rest.substring(0, rest.indexOf('/'));
        Object datasource = datasources.stream()
                .filter(each -> uid.equals(at(each, "uid")))
                .findFirst()
                .orElseThrow(() -> new IOException("no datasource " + uid));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(at(datasource, "url") + rest.substring(uid.length())));
        if (((Map<?, ?>) datasource).containsKey("secureJsonData")) {
            request.header(
                    at(datasource, "jsonData", "httpHeaderName1").toString(),
                    at(datasource, "secureJsonData", "httpHeaderValue1").toString());
        }
        try (exchange) {
            HttpResponse<byte[]> reply = client.send(request.build(), BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(reply.statusCode(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException().initCause(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
    }
}
