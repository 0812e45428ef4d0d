package io.edgeship.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.queue.transport.UploadProgress;
import io.edgeship.runtime.config.ConfigFile;
import io.edgeship.ship.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent says over HTTP.
class AgentPagesTest {
    private static final Path PAGE = Path.of("../docs/reference/agent.md");
    private static final Pattern TYPE_LINE = Pattern.compile("(?m)^# TYPE (\\S+)");
    private static final Pattern METRIC = Pattern.compile("`((?:edgeship|thanos)_[a-z_]+)`");
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

    @Test
    void thePageNamesTheMetricsThatThereAreAndNoOthers() throws Exception {
        data.cut(A);
        agent.once(Duration.ZERO);
        Set<String> exposed = new TreeSet<>();
        TYPE_LINE.matcher(get("/metrics").body()).results().forEach(line -> exposed.add(line.group(1)));
        exposed.removeIf(name -> name.startsWith("thanos_objstore_"));
        assertThat(exposed).allMatch(name -> name.startsWith("edgeship_") || name.startsWith("thanos_"));
        Set<String> onPage = new TreeSet<>();
        METRIC.matcher(Files.readString(PAGE)).results().forEach(found -> onPage.add(found.group(1)));
        assertThat(onPage).isEqualTo(exposed);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + agent.port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
