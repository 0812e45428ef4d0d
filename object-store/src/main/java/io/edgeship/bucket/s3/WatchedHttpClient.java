package io.edgeship.bucket.s3;

import io.edgeship.bucket.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/// The SDK's client, below which nothing goes out that the link has not admitted and counted. Thread-safe.
final class WatchedHttpClient implements SdkHttpClient {
    private final HttpConnections connections;
    private final Link link;
    private final StallWatch watch = new StallWatch();

    WatchedHttpClient(HttpConnections connections, Link link) {
        this.connections = connections;
        this.link = link;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        long bodyBytes = request.contentStreamProvider().isEmpty()
                ? 0
                : request.httpRequest()
                        .firstMatchingHeader("Content-Length")
                        .map(Long::parseLong)
                        .orElse(0L);
        Duration stallAfter = link.stallAfter(bodyBytes);
        try {
            HttpURLConnection connection =
                    connections.open(request.httpRequest().getUri(), stallAfter);
            return new WatchedTry(request, bodyBytes, connection, stallAfter, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Prepares `request` on `connection`.
    static ExecutableHttpRequest on(HttpURLConnection connection, HttpExecuteRequest request) {
        return UrlConnectionHttpClient.create(_ -> connection).prepareRequest(request);
    }

    HttpConnections connections() {
        return connections;
    }

    Link link() {
        return link;
    }

    StallWatch watch() {
        return watch;
    }

    @Override
    public String clientName() {
        return "UrlConnection"; // it is the same client to the store
    }

    @Override
    public void close() {
        watch.close();
    }
}
