package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.chaos.ChaosProxy;
import io.edgeship.chaos.Faults;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.queue.journal.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// A site whose agent reaches an S3 server through a [ChaosProxy], and a centre that reaches it directly. Agent and
/// compactor are real processes.
final class FlakySite implements AutoCloseable {
    private static final String BUCKET = "flaky";

    private final Path dir;
    private final Server server;
    private final ChaosProxy link;
    private final Bucket bucket;
    private final Path agentYaml;
    private final Path centreYaml;
    private final List<Path> blocks = new ArrayList<>();
    private final int statusPort = LocalPrometheus.freePort();
    private long bytes;

    private FlakySite(Path dir, Server server, ChaosProxy link, String transport) throws Exception {
        this.dir = dir;
        this.server = server;
        this.link = link;
        Path direct = Files.writeString(dir.resolve("centre.objstore.yml"), server.direct());
        Path flaky = Files.writeString(
                dir.resolve("site.objstore.yml"), server.viaPort().apply(link.port()));
        bucket = Buckets.open(ObjstoreConfig.read(direct));
        Files.createDirectories(dataDir().resolve("wal"));
        agentYaml =
                Files.writeString(dir.resolve("agent.yaml"), """
                site: greenhouse-7
                transport: %s
                sources:
                - {type: prometheus, path: '%s', external_labels: {replica: a}}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:%d"}
                scan_interval: 1s
                shutdown_grace: 1s
                link: {stall_timeout: 2s}
                """.formatted(transport, dataDir(), flaky, statusPort));
        centreYaml = Files.writeString(dir.resolve("compactor.yaml"), """
                interval: 1s
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                """.formatted(direct));
    }

    /// An S3 server with a bucket.
    ///
    /// @param end     stops it
    /// @param direct  an `objstore.yml` for the centre
    /// @param viaPort one for the site, which reaches the server through that port
    record Server(Runnable end, int port, String direct, IntFunction<String> viaPort) {}

    /// @param transport `plain`, `inbox` or `packed`; lines of agent.yaml may follow
    static FlakySite open(Path dir, String transport, Faults faults) throws Exception {
        LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), BUCKET);
        return open(
                dir,
                new Server(
                        server::close,
                        server.port(),
                        server.objstoreYaml(BUCKET),
                        port -> server.objstoreYaml(BUCKET, port)),
                transport,
                faults);
    }

    /// Takes the server over: it ends with the site.
    static FlakySite open(Path dir, Server server, String transport, Faults faults) throws Exception {
        try {
            return new FlakySite(dir, server, ChaosProxy.to(server.port(), faults), transport);
        } catch (Exception e) {
            server.end().run();
            throw e;
        }
    }

    private Path dataDir() {
        return dir.resolve("data");
    }

    /// A new block of about so many bytes for the agent.
    void addBlock(long aboutBytes) throws IOException {
        known(LargeBlock.make(dataDir(), blocks.size(), aboutBytes));
    }

    /// The first two-hour blocks of a day such as a site has them.
    void addBlocks(int count, int seriesCount) throws IOException {
        SyntheticSpec spec =
                SyntheticSpec.parse("sites=1,series=%d,days=1,step=15s,seed=7,start=2026-10-20".formatted(seriesCount));
        Path made = Files.createTempDirectory(dir, "made");
        for (Path block : SyntheticBlocks.write(spec, 0, made, _ -> {}).subList(0, count)) {
            known(Files.move(block, dataDir().resolve(block.getFileName())));
        }
    }

    private void known(Path block) throws IOException {
        blocks.add(block);
        bytes += LargeBlock.bytes(block);
    }

    /// What is kept of the blocks that are to be sent.
    List<Path> items() throws IOException {
        Path ready = dataDir().resolve("edgeship-spool/ready");
        return Files.exists(ready) ? DurableFiles.children(ready) : List.of();
    }

    int blockCount() {
        return blocks.size();
    }

    /// Of all blocks that were added.
    long blockBytes() {
        return bytes;
    }

    ChaosProxy link() {
        return link;
    }

    /// Reached directly.
    Bucket bucket() {
        return bucket;
    }

    /// An agent that runs until it is closed.
    Child agent() throws IOException {
        return EdgeshipProcess.agent(dir.resolve("agent.log"), agentYaml);
    }

    /// A compactor that runs a cycle a second until it is closed.
    Child centre() throws IOException {
        return EdgeshipProcess.compactor(dir.resolve("compactor.log"), centreYaml);
    }

    /// What an agent that runs says of itself.
    String statusPage() throws IOException, InterruptedException {
        URI page = URI.create("http://127.0.0.1:" + statusPort + "/");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /// How many of the blocks the agent has let go of.
    int shipped() {
        Path records = dataDir().resolve("edgeship-spool/shipped");
        return (int) blocks.stream()
                .filter(block -> Files.exists(records.resolve(block.getFileName() + ".json")))
                .count();
    }

    void awaitAllShipped(Child agent, Duration limit) throws IOException, InterruptedException {
        agent.await("all blocks to be shipped, " + link, limit, () -> shipped() == blocks.size());
    }

    /// Runs agent and centre until every block is through. A run with an end asks for receipts every two seconds.
    void shipAll(Duration limit) throws IOException, InterruptedException {
        String wait = "--wait=%ds".formatted(limit.toSeconds());
        try (Child centre = centre();
                Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), agentYaml, "--once", wait)) {
            assertThat(agent.awaitExit(limit)).as("%s %s", link, agent.output()).isZero();
            assertThat(centre.isAlive()).as(centre.output()).isTrue();
        }
    }

    /// Every block is in the bucket once, whole, each byte as it was at the site, and nothing is there in part.
    void assertEverythingArrivedOnce() throws IOException {
        BucketView view = new BucketSync(bucket).sync();
        assertThat(view.partial()).as("blocks in part, " + link).isEmpty();
        assertThat(view.blocks()).as("blocks, " + link).hasSameSizeAs(blocks);
        Shipped shipped = Shipped.download(bucket, Files.createTempDirectory(dir, "downloaded"));
        for (Path block : blocks) {
            Path arrived = shipped.dir().resolve(String.valueOf(block.getFileName()));
            for (String file : List.of("index", "chunks/000001")) {
                assertThat(Files.mismatch(arrived.resolve(file), block.resolve(file)))
                        .as("%s of %s, %s", file, block.getFileName(), link)
                        .isEqualTo(-1);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (link) {
            bucket.close();
        } finally {
            server.end().run();
        }
    }
}
