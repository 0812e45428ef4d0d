package io.edgeship.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpsServerTest {
    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private OpsServer server;

    @BeforeEach
    void start() throws IOException {
        server = OpsServer.start(ListenAddress.parse("127.0.0.1:0"), metrics, health);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metricsAreInPrometheusTextFormat() throws Exception {
        metrics.registry().counter("edgeship.ship.uploads").increment();

        HttpResponse<String> reply = ask("GET", "/metrics");

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(reply.body())
                .contains("edgeship_ship_uploads_total 1.0")
                .contains("edgeship_build_info{version=\"" + Metrics.version() + "\"} 1");
    }

    @Test
    void readyNamesEveryReasonWhyNot() throws Exception {
        assertThat(ask("GET", "/-/ready").statusCode()).isEqualTo(200);
        health.problem("prometheus", "no wal/ in /data: is the sub-path right?");
        health.problem("bucket", "access denied");

        HttpResponse<String> reply = ask("GET", "/-/ready");

        assertThat(reply.statusCode()).isEqualTo(503);
        assertThat(reply.body())
                .isEqualTo("bucket: access denied\nprometheus: no wal/ in /data: is the sub-path right?\n");
        assertThat(ask("GET", "/-/healthy").statusCode()).isEqualTo(200);
        health.ok("prometheus");
        health.ok("bucket");
        assertThat(ask("GET", "/-/ready").body()).isEqualTo("ready\n");
    }

    @Test
    void headHasNoBodyAndOtherMethodsAreRefused() throws Exception {
        HttpResponse<String> head = ask("HEAD", "/metrics");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();

        HttpResponse<String> post = ask("POST", "/metrics");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void onlyExactPathsArePages() throws Exception {
        assertThat(ask("GET", "/nothing").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/metrics/x").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/metrics?x=1").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/").body()).contains("/-/ready");
    }

    @Test
    void pagesCanBeAddedAndTheFirstReplaced() throws Exception {
        server.page("/", "text/html", () -> "<p>ü</p>").page("/empty", "text/plain", () -> "");

        HttpResponse<String> reply = ask("GET", "/");
        assertThat(reply.body()).isEqualTo("<p>ü</p>");
        assertThat(reply.headers().firstValue("Content-Type")).contains("text/html");
        assertThat(ask("GET", "/empty").statusCode()).isEqualTo(200);
    }

    @Test
    void pageThatThrowsIsAnErrorAndTheServerGoesOn() throws Exception {
        server.page("/bug", "text/plain", () -> {
            throw new IllegalStateException("bug");
        });

        assertThat(ask("GET", "/bug").statusCode()).isEqualTo(500);
        assertThat(ask("GET", "/bug").body()).doesNotContain("IllegalState");
        assertThat(ask("GET", "/-/healthy").statusCode()).isEqualTo(200);
    }

    @Test
    void portInUseAndUnknownHostAreNamed() {
        String taken = "127.0.0.1:" + server.port();
        assertThatThrownBy(() -> OpsServer.start(ListenAddress.parse(taken), metrics, health))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("listening on " + taken);
        assertThatThrownBy(() -> OpsServer.start(ListenAddress.parse("no-such-host.invalid:0"), metrics, health))
                .isInstanceOf(IOException.class)
                .hasMessage("listening on no-such-host.invalid:0: unknown host");
    }
}
