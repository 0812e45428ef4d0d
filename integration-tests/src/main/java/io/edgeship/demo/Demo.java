package io.edgeship.demo;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.FleetTable;
import io.edgeship.fleet.Freshness;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One demo at work: sites with an agent each, a bucket, a compactor, and somebody who watches the bucket.
final class Demo implements AutoCloseable {
    private static final String LIVE_SITE = "greenhouse-live";
    private static final Duration ONCE_LIMIT = Duration.ofSeconds(85);

    private final Path home;
    private final PrintStream out;
    private final long begunAtNanos = System.nanoTime();
    private final List<Runnable> endings = new ArrayList<>();
    private final Set<String> expectedSites = new TreeSet<>();
    private final Path objstore;
    private final DemoLogs logs;

    private Demo(Path home, PrintStream out, DemoBuckets buckets) {
        this.home = home;
        this.out = out;
        objstore = buckets.objstore();
        logs = buckets.logs();
        endings.add(buckets::close);
    }

    static Demo start(Path home, boolean s3, PrintStream out)
            throws IOException, InterruptedException, ConfigException {
        Demo demo = new Demo(home, out, DemoBuckets.make(home, s3, out));
        try {
            for (String site : BundledSites.BLOCKS.keySet()) {
                Path data = home.resolve(site).resolve("prometheus");
                BundledSites.unpack(site, data);
                demo.agent(site, data, "external_labels: {replica: a}");
            }
            demo.live();
            demo.compactor();
            return demo;
        } catch (IOException | InterruptedException | RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    private void agent(String site, Path data, String labels) throws IOException {
        boolean hasLoki = site.equals(BundledChunks.SITE);
        Path config = Files.writeString(home.resolve(site).resolve("agent.yaml"), """
                site: %s
                sources:
                - type: prometheus
                  path: %s
                  %s
                %s
                objstore: {file: %s}
                %s
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                """.formatted(
                        site, data, labels, hasLoki ? logs.source() : "", objstore, hasLoki ? logs.ofAgent() : ""));
        endings.add(EdgeshipProcess.agent(home.resolve(site).resolve("agent.log"), config)::close);
        expectedSites.add(site);
        out.println("agent      of " + site + ", " + config);
    }

    private void live() throws IOException, InterruptedException {
        Optional<Path> binary = LocalPrometheus.onPath("prometheus");
        if (binary.isEmpty()) {
            out.println("prometheus none on the PATH: the bundled blocks have to do");
            return;
        }
        Path site = Files.createDirectories(home.resolve(LIVE_SITE));
        LocalPrometheus prometheus = new LocalPrometheus.Setup(binary.get(), site).start();
        endings.add(prometheus::close);
        out.println("prometheus at " + prometheus.url() + ", cuts its first block after about a minute");
        agent(LIVE_SITE, prometheus.dataDir(), "url: " + prometheus.url());
    }

    private void compactor() throws IOException {
        Path config = Files.writeString(
                home.resolve("compactor.yaml"),
                "interval: 2s\nobjstore: {file: %s}\nhttp: {listen: \"127.0.0.1:0\"}\n".formatted(objstore)
                        + logs.ofCompactor());
        endings.add(EdgeshipProcess.compactor(home.resolve("compactor.log"), config)::close);
        out.println("compactor  " + config);
        out.println();
    }

    /// Prints each block that appears, and that chunks of logs came into an index. With `once`, returns when every site
    /// has a block and every chunk is in an index, or the time is up.
    ///
    /// @return whether all of it was seen
    boolean watch(boolean once) throws IOException, InterruptedException, ConfigException {
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(objstore))) {
            BucketSync sync = new BucketSync(bucket);
            Set<BlockId> seen = new TreeSet<>();
            Set<String> sites = new TreeSet<>();
            Deadline deadline = Deadline.in(once ? ONCE_LIMIT : Duration.ofDays(365));
            boolean all = deadline.reached(() -> {
                announce(sync.sync(), seen, sites);
                return unseen(sites).isEmpty() && indexed(bucket) && once;
            });
            summary(bucket, sync.sync());
            if (!all) {
                out.println("not seen in time: " + unseen(sites) + "; what each program said lies in " + home);
            }
            return all;
        }
    }

    /// What was promised and has not come.
    private Set<String> unseen(Set<String> sites) throws IOException {
        Set<String> unseen = new TreeSet<>(expectedSites);
        unseen.removeAll(sites);
        if (!logs.areIndexed(seconds(), out)) {
            unseen.add("logs of " + BundledChunks.SITE);
        }
        return unseen;
    }

    private static boolean indexed(Bucket bucket) throws IOException {
        return bucket.head(io.edgeship.block.thanos.BucketLayout.BUCKET_INDEX).isPresent();
    }

    private void announce(BucketView view, Set<BlockId> seen, Set<String> sites) {
        for (BucketBlock block : view.blocks()) {
            if (seen.add(block.meta().id())) {
                String site = block.labels().getOrDefault("site", "?");
                sites.add(site);
                out.printf(
                        Locale.ROOT,
                        "%6.1f s  %-16s %s  %7d samples  %s%n",
                        seconds(),
                        site,
                        block.meta().id(),
                        block.meta().stats().numSamples(),
                        Sizes.print(block.sizeBytes()));
            }
        }
    }

    private double seconds() {
        return (System.nanoTime() - begunAtNanos) / 1e9;
    }

    private void summary(Bucket bucket, BucketView view) throws IOException {
        out.println();
        out.print(FleetTable.print(Freshness.of(view, "site", Instant.now()), Instant.now()));
        out.println("\nread back from the bucket, the last value of up:");
        TreeMap<String, String> answers = new TreeMap<>();
        for (BucketBlock block : view.blocks()) {
            try (BlockReader reader =
                    BlockReader.open(BucketReader.files(bucket, block.meta().id()))) {
                reader.forEachSeries(Matcher.parse("up"), series -> {
                    BlockReader.Sample last = series.last();
                    if (last != null) {
                        String name = block.labels().getOrDefault("site", "?") + "  up" + labels(series.labels());
                        answers.put(name, "%s at %s".formatted(last.value(), Instant.ofEpochMilli(last.timeMillis())));
                    }
                });
            }
        }
        answers.forEach((series, value) -> out.println("  " + series + "  " + value));
        logs.print(out);
        out.printf("""

                The bucket is a stock Thanos bucket. To see it in Grafana:
                  thanos store --data-dir=%s --objstore.config-file=%s --grpc-address=127.0.0.1:10901 --http-address=127.0.0.1:10911
                  thanos query --endpoint=127.0.0.1:10901 --grpc-address=127.0.0.1:10903 --http-address=127.0.0.1:10904
                  docker run --network=host grafana/grafana     then add a Prometheus data source, http://127.0.0.1:10904
                Everything of this demo lies in %s
                """, home.resolve("store"), objstore, home);
    }

    private static String labels(LabelSet labels) {
        StringBuilder text = new StringBuilder("{");
        labels.forEach((name, value) -> {
            if (!name.equals(LabelSet.METRIC_NAME)) {
                text.append(text.length() > 1 ? "," : "")
                        .append(name)
                        .append("=\"")
                        .append(value)
                        .append('"');
            }
        });
        return text.append('}').toString();
    }

    @Override
    public void close() {
        endings.reversed().forEach(Runnable::run);
    }
}
