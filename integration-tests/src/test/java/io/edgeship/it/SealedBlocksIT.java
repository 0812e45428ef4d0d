package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.head.ChunkRules;
import io.edgeship.block.head.Head;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Content;
import io.edgeship.block.verify.Verdict;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks of Prometheus 3.14 that a stock Thanos can neither read nor compact go through the agent and its child
/// process: one of XOR2, and an out-of-order block with the regular one of its window.
class SealedBlocksIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final BlockId XOR2 = BlockId.parse("01M83GR348Y4934FR7CE7TVV09");
    private static final BlockId OUT_OF_ORDER = BlockId.parse("01M83GR33SV16GR47WYFEMG59E");
    private static final BlockId REGULAR = BlockId.parse("01M83GR33SV16GR47WYFEMG5AA");
    private static final BlockId LATER = BlockId.parse("01M83GR33SV16GR47WYFEMG5AB");
    private static final BlockId LAST = BlockId.parse("01M83GR33SV16GR47WYFEMG5AC");
    private static final TimeRange FIRST = new TimeRange(1795413960000L, 1795414320000L);
    private static final TimeRange SECOND = new TimeRange(1795414320000L, 1795414680000L);

    /// Thanos compacts what lies before these two.
    private static final TimeRange MUCH_LATER = new TimeRange(1795425480000L, 1795425840000L);

    private static final TimeRange AT_LAST = new TimeRange(1795461480000L, 1795461840000L);

    /// Of the golden block, by `promtool tsdb dump`.
    private static final int SERIES = 669;

    @TempDir
    private Path dir;

    private Path data;
    private Path objstore;

    @BeforeEach
    void ship() throws Exception {
        data = dir.resolve("data");
        Files.createDirectories(data.resolve("wal"));
        golden(XOR2);
        golden(OUT_OF_ORDER);
        regular(REGULAR, SECOND);
        regular(LATER, MUCH_LATER);
        regular(LAST, AT_LAST);
        objstore = AgentYaml.directoryBucket(dir);
        Path config = AgentYaml.write(dir.resolve("agent.yaml"), data, "http://127.0.0.1:1", objstore);
        Files.writeString(
                config,
                Files.readString(config).replace("url: \"http://127.0.0.1:1\"", "external_labels: {replica: a}"));
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config, "--once")) {
            assertThat(agent.awaitExit(LIMIT)).as(agent.output()).isZero();
        }
    }

    @Test
    void everySampleArrivesOnceInEncodingsThatAStockThanosReads() throws Exception {
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            assertThat(shipped.blocks())
                    .extracting(block -> block.meta().range())
                    .containsExactlyInAnyOrder(FIRST, SECOND, MUCH_LATER, AT_LAST);
            for (BucketBlock block : shipped.blocks()) {
                requireReadable(shipped.dir().resolve(block.meta().id().toString()));
            }
            BlockDiff.Result difference =
                    BlockDiff.compare(data.resolve(XOR2.toString()), of(shipped, FIRST), true, _ -> {});
            assertThat(difference.count()).as("%s", difference.differences()).isZero();
            assertThat(difference.samples()).isEqualTo(86095);
            assertThat(of(shipped, MUCH_LATER).getFileName())
                    .as("a plain block keeps its name")
                    .hasToString(LATER.toString());
            Samples expected = read(data.resolve(OUT_OF_ORDER.toString())).with(read(data.resolve(REGULAR.toString())));
            assertThat(Samples.differences(expected, read(of(shipped, SECOND)))).isEmpty();
        }
    }

    @Test
    void aStockThanosCompactsAndReadsThem() throws Exception {
        Path thanos = Program.thanos();
        try (Child compact = Child.start(
                "thanos compact",
                dir.resolve("compact.log"),
                List.of(
                        thanos.toString(),
                        "compact",
                        "--data-dir=" + dir.resolve("compact"),
                        "--objstore.config-file=" + objstore,
                        "--http-address=127.0.0.1:" + LocalPrometheus.freePort(),
                        "--consistency-delay=0s"),
                Map.of())) {
            assertThat(compact.awaitExit(LIMIT)).as(compact.output()).isZero();
            assertThat(compact.output()).doesNotContain("halting").contains("compacted blocks");
        }
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            List<BucketBlock> compacted = new BucketSync(bucket)
                    .sync().blocks().stream()
                            .filter(block -> block.meta().compaction().level() > 2)
                            .toList();
            assertThat(compacted)
                    .singleElement()
                    .satisfies(block -> assertThat(block.meta().range())
                            .isEqualTo(new TimeRange(FIRST.minTime(), SECOND.maxTime())));
            query(thanos);
        }
    }

    private void query(Path thanos) throws Exception {
        int grpc = LocalPrometheus.freePort();
        int http = LocalPrometheus.freePort();
        try (Child store = Child.start(
                        "thanos store",
                        dir.resolve("store.log"),
                        List.of(
                                thanos.toString(),
                                "store",
                                "--data-dir=" + dir.resolve("store"),
                                "--objstore.config-file=" + objstore,
                                "--grpc-address=127.0.0.1:" + grpc,
                                "--http-address=127.0.0.1:" + LocalPrometheus.freePort()),
                        Map.of());
                Child query = Child.start(
                        "thanos query",
                        dir.resolve("query.log"),
                        List.of(
                                thanos.toString(),
                                "query",
                                "--endpoint=127.0.0.1:" + grpc,
                                "--grpc-address=127.0.0.1:" + LocalPrometheus.freePort(),
                                "--http-address=127.0.0.1:" + http),
                        Map.of())) {
            PrometheusApi querier = new PrometheusApi("http://127.0.0.1:" + http);
            query.await(
                    "the querier to answer from the store",
                    LIMIT,
                    () -> store.isAlive()
                            && LocalPrometheus.answers("http://127.0.0.1:" + http + "/-/ready")
                            && querier.answer("regular", SECOND.maxTime() - 1).count() > 0);
            Samples late = read(data.resolve(OUT_OF_ORDER.toString())).with(read(data.resolve(REGULAR.toString())));
            Samples answered = querier.rawSamples(SECOND.minTime(), SECOND.maxTime());
            assertThat(Samples.differences(
                            late.withoutStaleMarkers(), answered.withoutLabels(Set.of("site", "replica"))))
                    .isEmpty();
            String all = "count(last_over_time({__name__=~\".+\"}[%ds]))"
                    .formatted((FIRST.maxTime() - FIRST.minTime()) / 1000);
            Samples series = querier.answer(all, FIRST.maxTime() - 1);
            assertThat(Samples.differences(one(FIRST.maxTime() - 1, SERIES), series))
                    .isEmpty();
        }
    }

    private static Samples one(long timeMillis, double value) {
        Samples one = new Samples();
        one.add(Map.of(), Samples.Sample.of(timeMillis, value));
        return one;
    }

    private static void requireReadable(Path block) throws IOException {
        if (!(BlockVerifier.verify(block) instanceof Verdict.Sound(var _, Content content))) {
            throw new AssertionError(block + " is not sound");
        }
        assertThat(content.chunksByEncoding().keySet()).as("%s", block).allMatch(Encoding::readByThanos);
    }

    private static Path of(Shipped shipped, TimeRange range) {
        BucketBlock block = shipped.blocks().stream()
                .filter(one -> one.meta().range().equals(range))
                .findFirst()
                .orElseThrow();
        return shipped.dir().resolve(block.meta().id().toString());
    }

    private static Samples read(Path block) throws IOException {
        Samples samples = new Samples();
        Shipped.read(block, samples);
        return samples;
    }

    private void regular(BlockId id, TimeRange range) throws IOException {
        Head head = new Head(ChunkRules.DEFAULT);
        List<Long> times = new ArrayList<>();
        for (long time = range.minTime() + 500; time < range.maxTime(); time += 5000) {
            times.add(time);
        }
        for (long time : times) {
            head.series(LabelSet.ofSorted("__name__", "regular"))
                    .append(0, time, Double.doubleToRawLongBits(0.5 * times.indexOf(time)));
        }
        head.write(data, id, meta -> new BlockMeta(id, range, meta.stats(), meta.compaction(), null, meta.original()));
    }

    private void golden(BlockId id) throws IOException {
        Path block = data.resolve(id.toString());
        Files.createDirectories(block.resolve("chunks"));
        for (String file : List.of("chunks/000001", "index", "meta.json", "tombstones")) {
            String name = "/golden/prometheus-3.14/" + id + "/" + file;
            try (InputStream in = SealedBlocksIT.class.getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(in, name), block.resolve(file));
            }
        }
    }
}
