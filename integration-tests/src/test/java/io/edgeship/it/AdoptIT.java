package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.thanos.ShipperState;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.demo.LocalS3;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ways of the pages `adopt.md` and `roll-back.md` between a real `thanos sidecar` and the agent, on the
/// data of one real Prometheus and in one bucket of an S3 server.
class AdoptIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String THEIRS = "sidecar";
    private static final String OURS = "edgeship";

    /// The site is known by a label that has been there since before the agent.
    private static final String SITE_LABEL = "site_label: cluster";

    private static final Map<String, String> LABELS = Map.of("cluster", "it", "replica", "a");

    @TempDir
    private Path dir;

    private final List<AutoCloseable> running = new ArrayList<>();
    private Path thanos = Path.of("");
    private PageCommands page = new PageCommands(Path.of(""));
    private Path objstore = Path.of("");
    private LocalPrometheus prometheus;
    private Bucket bucket;

    @BeforeEach
    void startPrometheusAndStore() throws Exception {
        thanos = Program.thanos();
        page = new PageCommands(dir).with("thanos", thanos);
        Path binary = Program.prometheus();
        LocalS3 server = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "telemetry");
        running.add(server);
        objstore = Files.writeString(dir.resolve("objstore.yml"), server.objstoreYaml("telemetry"));
        bucket = Buckets.open(ObjstoreConfig.read(objstore));
        running.add(bucket);
        FakeTarget target = FakeTarget.start(7, 20);
        running.add(target);
        prometheus = new LocalPrometheus.Setup(binary, dir.resolve("prometheus"))
                .externalLabel("cluster", "it")
                .externalLabel("replica", "a")
                .scrape("fake", target.address())
                .start();
        running.add(prometheus);
        AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore, SITE_LABEL);
    }

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable one : running.reversed()) {
            one.close();
        }
    }

    @Test
    void fromTheSidecarAndBackAndForthAgainNothingIsLostOrDoubled() throws Exception {
        Path promtool = Program.promtool();
        sidecarShips(2);
        forgetTheNewest();
        CommandLine.Ended look = page.run(PageBlock.ADOPT_LOOK, Map.of());
        assertThat(look.exitCode()).as(look.output()).isZero();
        agentShips(2);
        release();
        sidecarShips(2);
        deleteSpool();
        agentShips(2);

        oneBlockAWindow();
        Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
        PrometheusApi api = new PrometheusApi(prometheus.url());
        shipped.assertHoldsWhat(api, promtool, shipped.minTime(), shipped.maxTime());
        stockThanosReadsAll(api, shipped);
    }

    @Test
    void aSidecarThatStillUploadsStopsTheAgentUntilItIsGoneAndTheFileToo() throws Exception {
        try (Sidecar sidecar = sidecar(PageBlock.ROLL_BACK_SIDECAR);
                Child agent = agent()) {
            agent.await(
                    "the agent to see that somebody else writes the file",
                    LIMIT,
                    () -> agent.output().contains("was changed by somebody else, most likely a Thanos sidecar"));
            sidecar.process().kill();
            Files.deleteIfExists(stateFile()); // it may have been killed while it put a new one in its place
            Set<BlockId> before = metas().keySet();
            agent.await("blocks from the agent", LIMIT, () -> of(OURS).size() >= 2 && metas().size() > before.size());
        }
        oneBlockAWindow();
    }

    /// What the page says for a box where the agent cannot run any more.
    @Test
    void withoutReleaseTheSidecarAsksTheBucketOnceTheFileIsDeleted() throws Exception {
        agentShips(2);
        Files.delete(stateFile());
        sidecarShips(1);
        oneBlockAWindow();
    }

    @Test
    void aSidecarWithoutObjectStorageAnswersForWhatIsNotInTheBucketYet() throws Exception {
        try (Sidecar sidecar = sidecar(PageBlock.ADOPT_SIDECAR);
                Child agent = agent()) {
            agent.await("two blocks from the agent", LIMIT, () -> of(OURS).size() >= 2);
            try (ThanosReader reader = ThanosReader.start(thanos, objstore, dir.resolve("reader"), querier(sidecar))) {
                long from = Shipped.download(bucket, dir.resolve("downloaded")).minTime();
                long now = System.currentTimeMillis() - 2_000; // what is scraped right now is not there yet
                PrometheusApi querier = new PrometheusApi(reader.url());
                Samples expected = new PrometheusApi(prometheus.url()).rawSamples(from, now);
                Samples answered = querier.rawSamples(from, now).withoutLabels(LABELS.keySet());
                assertThat(expected.count()).isPositive();
                assertThat(Samples.differences(expected, answered)).isEmpty();
            }
            assertThat(agent.output()).doesNotContain("changed by somebody else");
            assertThat(of(THEIRS)).isEmpty();
        }
    }

    private ThanosReader.Querier querier(Sidecar sidecar) {
        return (store, more) -> page.start(
                PageBlock.ADOPT_QUERIER,
                dir.resolve("query.log"),
                Map.of("SITE", sidecar.endpoint(), "STORE", store, "MORE", String.join(" ", more)));
    }

    private void oneBlockAWindow() throws IOException {
        List<BucketBlock> blocks = new BucketSync(bucket).sync().blocks();
        assertThat(blocks).allSatisfy(block -> assertThat(block.labels()).isEqualTo(LABELS));
        assertThat(new TreeSet<>(blocks.stream()
                        .map(block -> block.meta().range().minTime())
                        .toList()))
                .as("one block a window")
                .hasSameSizeAs(blocks);
    }

    private Sidecar sidecar(PageBlock block) throws IOException {
        return Sidecar.start(page, block, dir.resolve("sidecar.log"), prometheus);
    }

    private Child agent() throws IOException {
        return page.start(PageBlock.ADOPT_AGENT, dir.resolve("agent.log"), Map.of());
    }

    private Map<String, String> data() {
        return Map.of("DATA", prometheus.dataDir().toString());
    }

    /// What is in the bucket before stays as it is, to the byte.
    private void sidecarShips(int blocks) throws Exception {
        Map<BlockId, String> before = metas();
        int wanted = of(THEIRS).size() + blocks;
        try (Sidecar sidecar = sidecar(PageBlock.ROLL_BACK_SIDECAR)) {
            sidecar.process()
                    .await(
                            "%d blocks from the sidecar, written down".formatted(wanted),
                            LIMIT,
                            () -> of(THEIRS).size() >= wanted && listed().containsAll(of(THEIRS)));
            sidecar.process().kill();
        }
        assertThat(metas()).containsAllEntriesOf(before);
    }

    /// As a sidecar leaves it that was killed after a block was in the bucket and before it wrote that down.
    private void forgetTheNewest() throws IOException {
        List<BlockId> listed = new ArrayList<>(listed());
        listed.removeLast();
        Files.write(stateFile(), ShipperState.of(listed).toJson());
    }

    private void agentShips(int blocks) throws Exception {
        Map<BlockId, String> before = metas();
        int wanted = of(OURS).size() + blocks;
        try (Child agent = agent()) {
            agent.await(wanted + " blocks from the agent", LIMIT, () -> of(OURS).size() >= wanted);
        }
        assertThat(metas()).containsAllEntriesOf(before);
    }

    private void release() throws Exception {
        CommandLine.Ended ended = page.run(PageBlock.ROLL_BACK_RELEASE, Map.of());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("thanos.shipper.json lists what the bucket confirmed");
        assertThat(metas().keySet()).as("in the bucket, as the file says").containsAll(listed());
    }

    private void deleteSpool() throws IOException, InterruptedException {
        CommandLine.Ended ended = page.run(PageBlock.ROLL_BACK_SPOOL, data());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(prometheus.dataDir().resolve("edgeship-spool")).doesNotExist();
    }

    private void stockThanosReadsAll(PrometheusApi api, Shipped shipped) throws Exception {
        Thanos stock = new Thanos(thanos, dir);
        try (ThanosReader reader = stock.read(objstore)) {
            Samples expected = api.rawSamples(shipped.minTime(), shipped.maxTime());
            Samples answered = new PrometheusApi(reader.url()).rawSamples(shipped.minTime(), shipped.maxTime());
            assertThat(Samples.differences(expected, answered.withoutLabels(LABELS.keySet())))
                    .isEmpty();
        }
        stock.compact(objstore);
        stock.verify(objstore);
    }

    private Path stateFile() {
        return prometheus.dataDir().resolve(ShipperState.FILE_NAME);
    }

    private List<BlockId> listed() throws IOException {
        try {
            return ShipperState.parse("state", Files.readAllBytes(stateFile())).uploaded().stream()
                    .map(BlockId::parse)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // the sidecar writes it once it has shipped
        }
    }

    /// Blocks in the bucket by who shipped them.
    private List<BlockId> of(String source) throws IOException {
        return new BucketSync(bucket)
                .sync().blocks().stream()
                        .filter(block -> source.equals(thanosOf(block).source()))
                        .map(block -> block.meta().id())
                        .toList();
    }

    private static ThanosMeta thanosOf(BucketBlock block) {
        return Objects.requireNonNull(block.meta().thanos(), "no thanos section");
    }

    /// Each block's `meta.json`, which tells when it was uploaded.
    private Map<BlockId, String> metas() throws IOException {
        Map<BlockId, String> metas = new TreeMap<>();
        for (BucketBlock block : new BucketSync(bucket).sync().blocks()) {
            BlockId id = block.meta().id();
            try (InputStream in = bucket.get(id + "/meta.json")) {
                metas.put(id, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return metas;
    }
}
