package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.synthetic.SyntheticBlocks;
import io.edgeship.block.synthetic.SyntheticSpec;
import io.edgeship.block.tsdb.BlockFiles;
import io.edgeship.block.tsdb.BlockReader;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.S3ProxyServer;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketSync;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole compactor, killed with -9 again and again: each run goes on where the last one died, and in the end the
/// bucket holds every sample once, at each resolution, and nothing else. `-Dedgeship.compact.kills=1000` kills more
/// often.
class CompactFaultIT {
    private static final int KILLS = Integer.getInteger("edgeship.compact.kills", 12);
    private static final int KILLS_S3 = Math.max(5, KILLS / 4);
    private static final int SITES = 2;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Longer than a lock outlives whoever held it.
    private static final Duration LEASE_OVER = Duration.ofMinutes(11);

    /// From the first lock of a run to its end is about twice as long.
    private static final int KILL_AFTER_MILLIS_MAX = 600;

    private static final String BUCKET = "metrics";

    @TempDir
    private Path dir;

    private Path blocks = Path.of("");
    private List<String> samples = List.of();
    private Set<BlockId> sources = Set.of();
    private final Random random = new Random(7);

    @BeforeEach
    void makeUp() throws IOException {
        blocks = Files.createDirectories(dir.resolve("shipped"));
        SyntheticSpec spec =
                SyntheticSpec.parse("sites=%d,series=30,days=3,step=60s,start=2024-01-04".formatted(SITES));
        sources = new TreeSet<>();
        for (int site = 0; site < SITES; site++) {
            for (Path block : SyntheticBlocks.write(spec, site, blocks, _ -> {})) {
                sources.add(BlockId.parse(String.valueOf(block.getFileName())));
            }
        }
        samples = samples(blocks, sources);
    }

    @Test
    void aBucketInADirectoryEndsWholeHoweverOftenItIsKilled() throws Exception {
        for (int round = 0, kills = 0; kills < KILLS; round++) {
            Path home = Files.createDirectories(dir.resolve("round-" + round));
            Path objstore = AgentYaml.directoryBucket(home);
            Path bucketDir = Files.createDirectories(home.resolve("bucket"));
            kills += round(objstore, bucketDir, KILLS - kills);
        }
    }

    @Test
    void aBucketInS3EndsWholeHoweverOftenItIsKilled() throws Exception {
        Path bucketDir = Files.createDirectories(dir.resolve("buckets").resolve(BUCKET));
        try (S3ProxyServer server = S3ProxyServer.start(dir)) {
            Path objstore = Files.writeString(dir.resolve("objstore.yml"), server.objstoreYaml(BUCKET));
            for (int kills = 0; kills < KILLS_S3; ) {
                kills += round(objstore, bucketDir, KILLS_S3 - kills);
                try (Bucket bucket = open(objstore)) {
                    for (String key : keys(bucketDir)) {
                        bucket.delete(key);
                    }
                }
            }
        }
    }

    /// Fills the bucket, kills runs until one ends by itself or there were enough, and has the rest done.
    ///
    /// @return how many were killed
    private int round(Path objstore, Path bucketDir, int killsMax) throws Exception {
        try (Bucket bucket = open(objstore)) {
            for (String key : keys(blocks)) {
                bucket.put(key, Body.of(Files.readAllBytes(blocks.resolve(key))));
            }
            int kills = 0;
            while (kills < killsMax && killed(objstore, bucketDir)) {
                kills++;
                requireNothingLost(bucket, "after kill %d of a round".formatted(kills));
            }
            EdgeshipCompact compact = new EdgeshipCompact(dir);
            for (int cycle = 0; cycle < 3; cycle++) { // the last removes what the second but last marked
                leaseIsOver(bucketDir);
                try (Child child = compact.startCompact(objstore, "compaction: {late_wait: 0s}")) {
                    EdgeshipCompact.assertDone(child);
                }
            }
            requireDone(bucket, bucketDir);
            return kills;
        }
    }

    private boolean killed(Path objstore, Path bucketDir) throws Exception {
        leaseIsOver(bucketDir);
        Instant begin = Instant.now().minusSeconds(60);
        try (Child child = new EdgeshipCompact(dir).startCompact(objstore, "compaction: {late_wait: 0s}")) {
            child.await("work", LIMIT, () -> !child.isAlive() || isLockedSince(bucketDir, begin));
            try {
                child.awaitExit(Duration.ofMillis(random.nextInt(KILL_AFTER_MILLIS_MAX)));
                return false;
            } catch (IOException e) {
                child.kill();
                return true;
            }
        }
    }

    private static List<Path> locks(Path bucketDir) throws IOException {
        Path locks = bucketDir.resolve("edgeship/locks");
        try (Stream<Path> files = Files.exists(locks) ? Files.list(locks) : Stream.of()) {
            return files.toList();
        }
    }

    private static boolean isLockedSince(Path bucketDir, Instant time) throws IOException {
        for (Path lock : locks(bucketDir)) {
            if (Files.exists(lock)
                    && Files.getLastModifiedTime(lock).toInstant().isAfter(time)) {
                return true;
            }
        }
        return false;
    }

    private static void leaseIsOver(Path bucketDir) throws IOException {
        for (Path lock : locks(bucketDir)) {
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(LEASE_OVER)));
        }
    }

    /// What readers see is whole, and holds all that was shipped.
    private void requireNothingLost(Bucket bucket, String when) throws IOException {
        Set<BlockId> held = new TreeSet<>();
        for (BucketBlock block : new BucketSync(bucket).sync().blocks()) {
            assertThat(block.isComplete()).as("%s: %s", when, block).isTrue();
            if (block.resolutionMillis() == 0 && block.deletionMark() == null) {
                held.addAll(block.sources());
            }
        }
        assertThat(held).as(when).isEqualTo(sources);
    }

    private void requireDone(Bucket bucket, Path bucketDir) throws IOException {
        List<BucketBlock> done = new BucketSync(bucket).sync().blocks();
        for (long resolution : List.of(0L, 300_000L, 3_600_000L)) {
            Set<BlockId> held = new TreeSet<>();
            done.stream()
                    .filter(block -> block.resolutionMillis() == resolution)
                    .forEach(block -> held.addAll(block.sources()));
            assertThat(held).as("at %d ms", resolution).isEqualTo(sources);
        }
        assertThat(done).hasSize(3 * SITES);
        Set<BlockId> raw = new TreeSet<>();
        done.stream()
                .filter(block -> block.resolutionMillis() == 0)
                .forEach(block -> raw.add(block.meta().id()));
        assertThat(samples(bucketDir, raw).equals(samples))
                .as("the same samples")
                .isTrue();
        List<String> left = new ArrayList<>(keys(bucketDir));
        left.removeIf(key -> key.startsWith("edgeship/")
                || key.startsWith(".edgeship/") // the directory's own: what a kill left there is swept when it is old
                || done.stream().anyMatch(block -> key.startsWith(block.meta().id() + "/")));
        assertThat(left).as("left behind").isEmpty();
        assertThat(bucket.listUploads("")).isEmpty();
    }

    /// All of them, one that is there twice twice.
    private static List<String> samples(Path parent, Set<BlockId> blocks) throws IOException {
        List<String> samples = new ArrayList<>();
        for (BlockId block : blocks) {
            try (BlockReader reader = BlockReader.open(BlockFiles.of(parent.resolve(block.toString())))) {
                reader.forEachSeries(List.of(), series -> {
                    String name = series.labels() + " ";
                    series.forEachSample((time, bits) -> samples.add(name + time + " " + bits));
                });
            }
        }
        samples.sort(null);
        return samples;
    }

    private static List<String> keys(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Bucket open(Path objstore) throws Exception {
        ObjstoreConfig config = ObjstoreConfig.parse("objstore.yml", Files.readString(objstore));
        return Buckets.open(config, new SimpleMeterRegistry());
    }
}
