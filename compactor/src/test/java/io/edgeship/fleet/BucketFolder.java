package io.edgeship.fleet;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.file.FileBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// A real bucket in a directory, whose objects a test writes with the age it wants.
public final class BucketFolder extends BucketContent {
    /// In order.
    public static final BlockId A = BlockId.parse("01M83GR348Y4934FR7CE7TVV09");

    public static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHS9");
    public static final BlockId C = BlockId.parse("01M83GSE62ARGZ6NS2THBV0E4Q");

    private final Path root;

    public BucketFolder(Path root) {
        this.root = root;
    }

    @Override
    public FileBucket open() throws BucketException {
        return FileBucket.open(root, "");
    }

    public Path root() {
        return root;
    }

    @Override
    public BucketFolder put(String key, byte[] bytes, Duration age) throws IOException {
        Path file = root.resolve(key);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return this;
    }

    @Override
    public byte[] read(String key) throws IOException {
        return Files.readAllBytes(root.resolve(key));
    }

    @Override
    public boolean holds(String key) {
        return Files.exists(root.resolve(key));
    }

    @Override
    public void delete(String key) throws IOException {
        Files.delete(root.resolve(key));
    }

    public static Heartbeat.Builder heartbeat(String site, BlockId... outstanding) {
        Heartbeat.Builder heartbeat =
                Heartbeat.newBuilder().setVersion(1).setSite(site).setIncarnation("cafe");
        Stream.of(outstanding).map(BlockId::toString).forEach(heartbeat::addOutstandingUlids);
        return heartbeat;
    }

    public static String mark(BlockId id, Instant at) {
        return "{\"id\":\"%s\",\"version\":1,\"deletion_time\":%d}".formatted(id, at.getEpochSecond());
    }

    public static String meta(BlockId id, long minTime, long maxTime, String site) {
        return """
                {"ulid":"%1$s","minTime":%2$d,"maxTime":%3$d,"stats":{"numSamples":1,"numSeries":1,"numChunks":1},\
                "compaction":{"level":1,"sources":["%1$s"]},"version":1,"thanos":\
                {"labels":{"site":"%4$s"},"downsample":{"resolution":0},"source":"edgeship"}}\
                """.formatted(id, minTime, maxTime, site);
    }

    @Override
    public List<String> keys() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(key -> !key.startsWith(".edgeship/"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void clear() throws IOException {
        try (Stream<Path> walk = Files.exists(root) ? Files.walk(root) : Stream.of()) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
