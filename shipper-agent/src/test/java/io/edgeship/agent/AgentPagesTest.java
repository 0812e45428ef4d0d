package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.agent.status.SiteStatus;
import io.edgeship.agent.status.StatusJsonReader;
import io.edgeship.block.BlockId;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.runtime.http.MetricsTable;
import io.edgeship.ship.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent says over HTTP.
class AgentPagesTest {
    private static final Path PAGE = Path.of("../docs/reference/agent.md");
    private static final BlockId A = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHA0");
    private static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHB0");

    @TempDir
    private Path dir;

    private DataDirectory data;
    private Agent agent;

    @BeforeEach
    void open() throws Exception {
        data = DataDirectory.create(dir.resolve("data"));
        Files.createDirectories(dir.resolve("bucket"));
        agent = open(data);
    }

    private Agent open(DataDirectory source) throws Exception {
        return open(source, directory(), "");
    }

    private String directory() {
        return "type: FILESYSTEM, config: {directory: '%s'}".formatted(dir.resolve("bucket"));
    }

    private Agent open(DataDirectory source, String objstore, String more) throws Exception {
        String yaml = """
                site: it
                sources: [{type: prometheus, path: '%s'}]
                objstore: {config: {%s}}
                http: {listen: 127.0.0.1:0}
                %s""".formatted(source.dir(), objstore, more);
        AgentConfig config = AgentConfig.of(ConfigFile.parse("agent.yaml", yaml, Map.of()), dir);
        return Agent.open(config, UploadProgress.NONE);
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
    }

    @Test
    void aSiteThatIsWellIsReadyAndItsPageTellsHowItFares() throws Exception {
        data.cut(A, B);
        data.corrupt(B, "index");
        assertThat(agent.once(Duration.ZERO)).isTrue();
        assertThat(get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        assertThat(get("/").body())
                .containsPattern("site: +it")
                .containsPattern("ready: +yes")
                .containsPattern("waiting to be shipped: +0 blocks")
                .containsPattern("last shipped: +" + A)
                .containsPattern("set aside: +1 blocks")
                .containsPattern("losses on record: +1");
    }

    @Test
    void aDirectoryThatIsNoPrometheusIsNotReadyAndTheReasonIsGiven() throws Exception {
        agent.close();
        Path empty = Files.createDirectories(dir.resolve("empty"));
        agent = open(new DataDirectory(empty));
        agent.once(Duration.ZERO);
        HttpResponse<String> ready = get("/-/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("no wal/ there", "subPath", empty.toString());
    }

    @Test
    void aBucketThatFailsIsNamedWithItsReason() throws Exception {
        data.cut(A);
        agent.close();
        agent = open(data, """
                type: S3, config: {bucket: b, endpoint: '127.0.0.1:1', insecure: true, region: r, \
                access_key: a, secret_key: s, max_retries: 0}""", "");
        assertThat(agent.once(Duration.ZERO)).isFalse();
        HttpResponse<String> ready = get("/-/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).startsWith("bucket: ").contains("blocks wait in the spool");
        assertThat(get("/").body()).containsPattern("waiting to be shipped: +1 blocks");
    }

    @Test
    void theLinkIsShownWithItsBudgetAndWhyItIsClosed() throws Exception {
        data.cut(A);
        agent.close();
        agent = open(data, directory(), """
                transport: inbox
                link: {budget: {daily: 10MiB}}
                """);
        assertThat(agent.once(Duration.ZERO)).as("the receipt is outstanding").isFalse();
        assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        assertThat(get("/").body())
                .containsPattern("transport: +inbox")
                .containsPattern("link: +open")
                .containsPattern("rate: +unlimited")
                .containsPattern("used this day: +0 B of 10.0 MiB")
                .containsPattern("used this month: +0 B, no budget")
                .containsPattern("receipts outstanding: +1 blocks");
        assertThat(get("/metrics").body())
                .containsPattern("(?m)^edgeship_link_open 1.0")
                .containsPattern("(?m)^edgeship_link_sent_bytes_total 0.0") // a directory is no link
                .containsPattern("(?m)^edgeship_link_budget_bytes\\{period=\"day\"} 1.048576E7")
                .containsPattern("(?m)^edgeship_link_budget_bytes\\{period=\"month\"} NaN")
                .containsPattern("(?m)^edgeship_link_budget_used_bytes\\{period=\"day\"} 0.0")
                .containsPattern("(?m)^edgeship_link_opens_timestamp_seconds NaN")
                .containsPattern("(?m)^edgeship_ship_awaiting_receipt_items 1.0");
    }

    @Test
    void aLinkThatIsClosedIsNoReasonNotToBeReady() throws Exception {
        agent.close();
        agent = open(data, directory(), "link: {rate: 0}\n");
        agent.once(Duration.ZERO);
        assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        assertThat(get("/").body())
                .containsPattern("transport: +plain")
                .containsPattern("link: +closed: the rate is 0 and no window ever opens");
        assertThat(get("/metrics").body()).containsPattern("(?m)^edgeship_link_open 0.0");
    }

    /// The table is written from the registry: `-Dedgeship.write.docs=true` writes it anew.
    @Test
    void thePageHasTheMetricsThatThereAreWithTheirMeaning() throws Exception {
        data.cut(A);
        agent.once(Duration.ZERO);
        String table = MetricsTable.of(get("/metrics").body(), "thanos_objstore_");
        assertThat(table.lines().skip(2))
                .allMatch(row -> row.startsWith("| `edgeship_") || row.startsWith("| `thanos_"))
                .noneMatch(row -> row.endsWith("|  |"));
        String page = Files.readString(PAGE);
        if (Boolean.getBoolean("edgeship.write.docs")) {
            Files.writeString(PAGE, MetricsTable.replacedOn(page, table));
            return;
        }
        List<String> missing = new ArrayList<>(table.lines().toList());
        missing.removeAll(MetricsTable.on(page).lines().toList());
        assertThat(missing).as("rows that %s lacks", PAGE).isEmpty();
        assertThat(MetricsTable.on(page)).isEqualTo(table);
    }

    @Test
    void browsersGetAPageAndOthersText() throws Exception {
        data.cut(A);
        agent.once(Duration.ZERO);
        HttpResponse<String> page = get("/", "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'; style-src 'sha256-"));
        assertThat(page.body())
                .startsWith("<!doctype html>")
                .contains("Everything is shipped")
                .doesNotContain("<script");
        assertThat(page.body().length()).isLessThan(30_000);
        for (String accept : List.of("*/*", "text/plain", "text/html;q=0", "application/json")) {
            assertThat(get("/", accept).headers().firstValue("Content-Type"))
                    .as(accept)
                    .contains("text/plain; charset=utf-8");
        }
    }

    @Test
    void theStatusIsThereForProgramsToo() throws Exception {
        data.cut(A, B);
        data.corrupt(B, "index");
        agent.once(Duration.ZERO);
        HttpResponse<String> json = get("/status.json");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        SiteStatus status = StatusJsonReader.read("reply", json.body().getBytes(StandardCharsets.UTF_8));
        assertThat(status.site()).isEqualTo("it");
        assertThat(status.ready()).isTrue();
        assertThat(status.lastContact()).isPresent();
        SiteStatus.Source source = status.sources().getFirst();
        assertThat(source.lastShipped())
                .hasValueSatisfying(last -> assertThat(last.block()).isEqualTo(A.toString()));
        assertThat(source.quarantine()).singleElement().satisfies(aside -> {
            assertThat(aside.block()).isEqualTo(B.toString());
            assertThat(aside.reason()).isEqualTo("corrupt");
        });
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(path, "*/*");
    }

    private HttpResponse<String> get(String path, String accept) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + agent.port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
