package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.FakeTarget;
import io.edgeship.demo.LocalPrometheus;
import io.edgeship.fleet.BucketSync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real `thanos store` and `thanos query` on a bucket that our agent filled answer what Prometheus itself answers.
class ThanosReadsIT {
    private static final int BLOCKS_WANTED = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int STEP_MILLIS = 1000;
    private static final Set<String> EXTERNAL_LABELS = Set.of("site", "replica");
    private static final List<String> SELECTIONS = List.of(
            "up",
            "count by (job) ({__name__=~\".+\"})",
            "max by (sensor) (greenhouse_temperature_celsius)",
            "greenhouse_odd_value",
            "greenhouse_comes_and_goes",
            "changes(greenhouse_plant[23s])");
    private static final List<String> COMPUTATIONS = List.of(
            "rate(greenhouse_valve_openings_total[17s])",
            "histogram_quantile(0.9, rate(prometheus_http_request_duration_seconds_bucket[19s]))");

    @TempDir
    private Path dir;

    @Test
    void theQuerierAnswersWhatPrometheusAnswers() throws Exception {
        Path thanos = Program.thanos();
        Path objstore = AgentYaml.directoryBucket(dir);
        try (FakeTarget target = FakeTarget.start(42, 20);
                LocalPrometheus prometheus = new LocalPrometheus.Setup(Program.prometheus(), dir.resolve("prometheus"))
                        .externalLabel("replica", "a")
                        .scrape("fake", target.address())
                        .start();
                Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            ship(prometheus, objstore, bucket);
            Shipped shipped = Shipped.download(bucket, dir.resolve("downloaded"));
            ask(thanos, objstore, new PrometheusApi(prometheus.url()), shipped);
        }
    }

    private void ship(LocalPrometheus prometheus, Path objstore, Bucket bucket) throws Exception {
        Path config = AgentYaml.write(dir.resolve("agent.yaml"), prometheus.dataDir(), prometheus.url(), objstore);
        try (Child agent = EdgeshipProcess.agent(dir.resolve("agent.log"), config)) {
            agent.await(
                    BLOCKS_WANTED + " blocks in the bucket",
                    LIMIT,
                    () -> new BucketSync(bucket).sync().blocks().size() >= BLOCKS_WANTED);
        }
    }

    private void ask(Path thanos, Path objstore, PrometheusApi prometheus, Shipped shipped) throws Exception {
        int storeGrpc = LocalPrometheus.freePort();
        int http = LocalPrometheus.freePort();
        try (Child store = thanos(
                        "store",
                        List.of(
                                thanos.toString(),
                                "store",
                                "--data-dir=" + dir.resolve("store"),
                                "--objstore.config-file=" + objstore,
                                "--grpc-address=127.0.0.1:" + storeGrpc,
                                "--http-address=127.0.0.1:" + LocalPrometheus.freePort(),
                                "--sync-block-duration=1s"));
                Child query = thanos(
                        "query",
                        List.of(
                                thanos.toString(),
                                "query",
                                "--endpoint=127.0.0.1:" + storeGrpc,
                                "--grpc-address=127.0.0.1:" + LocalPrometheus.freePort(),
                                "--http-address=127.0.0.1:" + http))) {
            PrometheusApi querier = new PrometheusApi("http://127.0.0.1:" + http);
            long last = shipped.maxTime() - 1;
            query.await(
                    "the querier to answer from the store",
                    LIMIT,
                    () -> store.isAlive()
                            && LocalPrometheus.answers("http://127.0.0.1:" + http + "/-/ready")
                            && querier.answer("up", last).count() > 0);
            compare(prometheus, querier, shipped);
        }
    }

    private Child thanos(String name, List<String> command) throws Exception {
        return Child.start("thanos " + name, dir.resolve(name + ".log"), command, Map.of());
    }

    private static void compare(PrometheusApi prometheus, PrometheusApi querier, Shipped shipped) throws Exception {
        // A range such as [17s] holds its left end in Prometheus 2.x but not in 3.x, on which Thanos is built: no
        // sample
        // may lie there.
        long first = shipped.samples().quietMoment(shipped.minTime());
        long last = first + (shipped.maxTime() - 1 - first) / STEP_MILLIS * STEP_MILLIS;
        for (String query : SELECTIONS) {
            compare(prometheus, querier, query, first, last, UnaryOperator.identity());
        }
        for (String query : COMPUTATIONS) {
            compare(prometheus, querier, query, first, last, Samples::toTenDigits);
        }
        long from = shipped.minTime();
        long to = shipped.maxTime();
        assertSame("every sample", prometheus.rawSamples(from, to), querier.rawSamples(from, to));
    }

    private static void compare(
            PrometheusApi prometheus,
            PrometheusApi querier,
            String query,
            long first,
            long last,
            UnaryOperator<Samples> precision)
            throws Exception {
        Samples instant = precision.apply(prometheus.answer(query, last));
        assertSame(query, instant, precision.apply(querier.answer(query, last)));
        Samples range = precision.apply(prometheus.answer(query, first, last, STEP_MILLIS));
        assertThat(range.count())
                .as("points that Prometheus answers to %s", query)
                .isPositive();
        assertSame(query, range, precision.apply(querier.answer(query, first, last, STEP_MILLIS)));
    }

    private static void assertSame(String query, Samples expected, Samples answered) {
        assertThat(Samples.differences(expected, answered.withoutLabels(EXTERNAL_LABELS)))
                .as(query)
                .isEmpty();
    }
}
