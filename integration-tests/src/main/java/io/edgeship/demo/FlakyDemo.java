package io.edgeship.demo;

import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.chaos.ChaosProxy;
import io.edgeship.chaos.Counts;
import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.fleet.BucketSync;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.Sizes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Two sites behind a link that is cut again and again, one for each transport, and what the link cost them. The centre
/// reaches the bucket directly.
final class FlakyDemo implements AutoCloseable {
    private static final String BUCKET = "edgeship";
    private static final long SEED = 7;
    private static final long MEAN_BYTES = 512 << 10;
    private static final List<String> TRANSPORTS = List.of("inbox", "plain");
    private static final Duration ONCE_LIMIT = Duration.ofSeconds(80);
    private static final String SPEC = "sites=1,series=600,days=1,step=30s,seed=";

    private final Path home;
    private final PrintStream out;
    private final long begunAtNanos = System.nanoTime();
    private final List<AutoCloseable> endings = new ArrayList<>();
    private final Map<String, Site> sites = new TreeMap<>();
    private Path direct = Path.of("");

    private static final class Site {
        private final ChaosProxy link;
        private final List<Path> blocks;
        private final Path records;
        private final long bytes;
        private long cutsTold;
        private long shippedTold;

        private Site(ChaosProxy link, Path data, List<Path> blocks) throws IOException {
            this.link = link;
            this.blocks = blocks;
            records = data.resolve("edgeship-spool/shipped");
            bytes = bytesOf(blocks);
        }

        private long shipped() {
            return blocks.stream()
                    .filter(block -> Files.exists(records.resolve(block.getFileName() + ".json")))
                    .count();
        }

        private double ratio() {
            return (double) link.sentBytes() / (double) bytes;
        }
    }

    private FlakyDemo(Path home, PrintStream out) {
        this.home = home;
        this.out = out;
    }

    static FlakyDemo start(Path home, PrintStream out) throws Exception {
        FlakyDemo demo = new FlakyDemo(home, out);
        try {
            LocalS3 server = LocalS3.start(Files.createDirectories(home.resolve("s3")), BUCKET);
            demo.endings.add(server);
            demo.direct = Files.writeString(home.resolve("objstore.yml"), server.objstoreYaml(BUCKET));
            out.printf("link       cut after %s on average, seed %d%n", Sizes.print(MEAN_BYTES), SEED);
            for (String transport : TRANSPORTS) {
                demo.site(transport, server);
            }
            demo.centre();
            return demo;
        } catch (Exception e) {
            demo.close();
            throw e;
        }
    }

    private void site(String transport, LocalS3 server) throws IOException {
        String name = "greenhouse-" + transport;
        Path folder = home.resolve(name);
        Path data = Files.createDirectories(folder.resolve("prometheus/wal"))
                .resolveSibling(".")
                .normalize();
        SyntheticSpec spec = SyntheticSpec.parse(SPEC + (sites.size() + 1));
        List<Path> blocks = SyntheticBlocks.write(spec, 0, data, _ -> {});
        ChaosProxy link = ChaosProxy.to(server.port(), Faults.seeded(SEED).with(new Fault.Cuts(MEAN_BYTES)));
        endings.add(link);
        sites.put(name, new Site(link, data, blocks));
        Path objstore = Files.writeString(folder.resolve("objstore.yml"), server.objstoreYaml(BUCKET, link.port()));
        Path config = Files.writeString(folder.resolve("agent.yaml"), """
                site: %s
                transport: %s
                sources:
                - {type: prometheus, path: '%s', external_labels: {replica: a}}
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                scan_interval: 1s
                """.formatted(name, transport, data, objstore));
        endings.add(EdgeshipProcess.agent(folder.resolve("agent.log"), config));
        out.printf("agent      %s, %d blocks, %s%n", config, blocks.size(), Sizes.print(bytesOf(blocks)));
    }

    private void centre() throws IOException {
        Path config = Files.writeString(
                home.resolve("compactor.yaml"),
                "interval: 1s\nobjstore: {file: '%s'}\nhttp: {listen: \"127.0.0.1:0\"}\n".formatted(direct));
        endings.add(EdgeshipProcess.compactor(home.resolve("compactor.log"), config));
        out.println("compactor  " + config);
        out.println();
    }

    /// Tells of cuts and blocks. Returns when the sites have shipped all their blocks, or, with `once`, the time is up.
    ///
    /// @return whether every block of every site is in the bucket
    boolean watch(boolean once) throws IOException, InterruptedException, ConfigException {
        Deadline deadline = Deadline.in(once ? ONCE_LIMIT : Duration.ofDays(365));
        boolean all = deadline.reached(() -> {
            sites.forEach(this::tell);
            return sites.values().stream().allMatch(site -> site.shipped() == site.blocks.size());
        });
        out.println();
        sites.forEach((name, site) -> out.printf(
                Locale.ROOT,
                "%-18s %s of blocks, %s on the wire: %.2f x, %d cuts%n",
                name,
                Sizes.print(site.bytes),
                Sizes.print(site.link.sentBytes()),
                site.ratio(),
                site.link.counts().cuts()));
        int expected =
                sites.values().stream().mapToInt(site -> site.blocks.size()).sum();
        int there = inBucket();
        out.printf("%d of %d blocks in the bucket; everything of this demo lies in %s%n", there, expected, home);
        return all && there == expected;
    }

    private int inBucket() throws IOException, ConfigException {
        try (Bucket bucket = Buckets.open(ObjstoreConfig.read(direct))) {
            return new BucketSync(bucket).sync().blocks().size();
        }
    }

    private void tell(String name, Site site) {
        Counts counts = site.link.counts();
        long shipped = site.shipped();
        if (counts.cuts() == site.cutsTold && shipped == site.shippedTold) {
            return;
        }
        String what = shipped > site.shippedTold ? "block " + shipped + " is through" : "cut, goes on where it was";
        site.cutsTold = counts.cuts();
        site.shippedTold = shipped;
        out.printf(
                Locale.ROOT,
                "%6.1f s  %-18s %-28s %3d cuts, %s sent%n",
                (System.nanoTime() - begunAtNanos) / 1e9,
                name,
                what,
                counts.cuts(),
                Sizes.print(counts.sentBytes()));
    }

    private static long bytesOf(List<Path> blocks) throws IOException {
        long bytes = 0;
        for (Path block : blocks) {
            try (var files = Files.walk(block)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable ending : endings.reversed()) {
            try {
                ending.close();
            } catch (Exception e) {
                out.println("not ended in order: " + e);
            }
        }
    }
}
