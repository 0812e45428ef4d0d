package io.edgeship.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.edgeship.block.BlockId;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.thanos.BucketLayout;
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
public final class BucketFolder {
    /// In order.
    public static final BlockId A = BlockId.parse("01M83GR348Y4934FR7CE7TVV09");

    public static final BlockId B = BlockId.parse("01M83GSE5DPDK87AWYMSGXDHS9");
    public static final BlockId C = BlockId.parse("01M83GSE62ARGZ6NS2THBV0E4Q");

    private final Path root;

    public BucketFolder(Path root) {
        this.root = root;
    }

    public FileBucket open() throws BucketException {
        return FileBucket.open(root, "");
    }

    public Path root() {
        return root;
    }

    public BucketFolder put(String key, byte[] bytes, Duration age) throws IOException {
        Path file = root.resolve(key);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return this;
    }

    public BucketFolder put(String key, String text, Duration age) throws IOException {
        return put(key, text.getBytes(UTF_8), age);
    }

    /// A whole block of site `a`.
    public BucketFolder block(BlockId id, Duration age) throws IOException {
        return block(id, meta(id, 0, 7_200_000, "a"), age);
    }

    public BucketFolder block(BlockId id, String meta, Duration age) throws IOException {
        return data(id, age).put(id + "/meta.json", meta, age);
    }

    /// The files of a block without its meta.json.
    public BucketFolder data(BlockId id, Duration age) throws IOException {
        return put(id + "/chunks/000001", "chunks", age).put(id + "/index", "index", age);
    }

    /// A deletion mark that is `age` old, by what it says and by the store's clock.
    public BucketFolder mark(BlockId id, Duration age) throws IOException {
        return put(id + "/deletion-mark.json", mark(id, Instant.now().minus(age)), age);
    }

    public BucketFolder heartbeat(Heartbeat heartbeat, Duration age) throws IOException {
        String key = BucketLayout.heartbeatKey(heartbeat.getSite(), heartbeat.getIncarnation());
        return put(key, heartbeat.toByteArray(), age);
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

    /// Keys of all objects.
    public List<String> keys() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(key -> !key.startsWith(".edgeship/"))
                    .sorted()
                    .toList();
        }
    }

    public List<String> keysOf(BlockId id) throws IOException {
        return keys().stream()
                .filter(key -> key.startsWith(id + "/"))
                .map(key -> key.substring(BlockId.LENGTH + 1))
                .toList();
    }

    /// Removes everything.
    public void clear() throws IOException {
        try (Stream<Path> walk = Files.exists(root) ? Files.walk(root) : Stream.of()) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
