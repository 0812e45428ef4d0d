package io.edgeship.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.file.FileBucket;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.runtime.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CycleTest {
    private static final String BLOCK = "01M83GR348Y4934FR7CE7TVV09";
    private static final String MARKED = "01M83GSE5DPDK87AWYMSGXDHS9";
    private static final String UPLOAD = "01M83GSE62ARGZ6NS2THBV0E4Q";
    private static final Duration DELAY = Duration.ofDays(2);

    @TempDir
    Path dir;

    @Test
    void removesAnAbandonedUploadAndLeavesOneThatGoesOn() throws Exception {
        bucketWith(block(BLOCK));
        file(UPLOAD + "/chunks/000001", "x", 49);
        file(MARKED + "/chunks/000001", "x", 49);
        file(MARKED + "/index", "x", 47);

        assertThat(cycle(open()).run().cleaned()).isEqualTo(new Cleaner.Cleaned(1, 0));

        assertThat(files()).contains(BLOCK + "/meta.json", MARKED + "/index").noneMatch(f -> f.startsWith(UPLOAD));
    }

    @Test
    void leavesAnUploadThatWentOnAfterTheBucketWasListed() throws Exception {
        file(UPLOAD + "/chunks/000001", "x", 49);
        FileBucket bucket = open();
        BucketView view = new BucketSync(bucket).sync();
        bucket.put(UPLOAD + "/index", Body.of("fresh".getBytes(UTF_8)));

        Cleaner.Cleaned cleaned = new Cleaner(bucket, DELAY, DELAY).clean(view, Instant.now());

        assertThat(cleaned).isEqualTo(new Cleaner.Cleaned(0, 0));
        assertThat(files()).contains(UPLOAD + "/chunks/000001", UPLOAD + "/index");
    }

    @Test
    void aTimeBeyondAllClocksStopsNoCycle() throws Exception {
        bucketWith(block(BLOCK).replace("\"source\"", "\"upload_time\":\"+999999999-01-01T00:00:00Z\",\"source\""));
        bucketWith(block(MARKED));
        file(MARKED + "/deletion-mark.json", mark(MARKED, Instant.MAX.getEpochSecond()), 99);

        assertThat(cycle(open()).run().view().blocks()).hasSize(2);
    }

    @Test
    void finishesInTheNextCycleWhereverTheStoreFailed() throws Exception {
        for (FailingBucket.Moment moment : FailingBucket.Moment.values()) {
            boolean failed = true;
            for (int call = 1; failed; call++) {
                empty();
                fill();
                failed = runFailing(call, moment);
                assertThat(files()).as("failed at call %d", call).contains(BLOCK + "/meta.json", BLOCK + "/index");
                cycle(open()).run();
                assertThat(files())
                        .as("after failing %s call %d", moment, call)
                        .contains(BLOCK + "/meta.json", BLOCK + "/index", "edgeship/fleet/bucket-index.json.gz")
                        .noneMatch(f -> f.startsWith(UPLOAD) || f.equals(MARKED + "/meta.json"));
                assertThat(call).isLessThan(100);
            }
        }
    }

    private boolean runFailing(int call, FailingBucket.Moment moment) throws Exception {
        try {
            cycle(FailingBucket.fromCall(open(), call, moment)).run();
            return false;
        } catch (BucketException e) {
            return true;
        }
    }

    private void fill() throws IOException {
        bucketWith(block(BLOCK));
        bucketWith(block(MARKED));
        file(
                MARKED + "/deletion-mark.json",
                mark(MARKED, Instant.now().minus(DELAY).getEpochSecond() - 9),
                99);
        file(UPLOAD + "/chunks/000001", "x", 99);
    }

    private Cycle cycle(io.edgeship.bucket.Bucket bucket) throws Exception {
        String yaml = "objstore: {config: {type: FILESYSTEM, config: {directory: /nowhere}}}";
        return new Cycle(bucket, CompactorConfig.of(ConfigFile.parse("compactor.yaml", yaml, Map.of()), dir));
    }

    private FileBucket open() throws IOException {
        return FileBucket.open(dir.resolve("bucket"), "");
    }

    private void bucketWith(String meta) throws IOException {
        String id = meta.contains(MARKED) ? MARKED : BLOCK;
        file(id + "/meta.json", meta, 99);
        file(id + "/index", "x", 99);
        file(id + "/chunks/000001", "x", 99);
    }

    private static String block(String id) {
        return """
                {"ulid":"%1$s","minTime":0,"maxTime":7200000,"stats":{"numSamples":1,"numSeries":1,"numChunks":1},\
                "compaction":{"level":1,"sources":["%1$s"]},"version":1,\
                "thanos":{"labels":{"site":"a"},"downsample":{"resolution":0},"source":"sidecar"}}""".formatted(id);
    }

    private static String mark(String id, long seconds) {
        return "{\"id\":\"%s\",\"version\":1,\"deletion_time\":%d}".formatted(id, seconds);
    }

    private void file(String key, String text, int hoursOld) throws IOException {
        Path file = dir.resolve("bucket").resolve(key);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(hoursOld))));
    }

    private java.util.List<String> files() throws IOException {
        Path root = dir.resolve("bucket");
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(f -> root.relativize(f).toString())
                    .toList();
        }
    }

    private void empty() throws IOException {
        Path root = dir.resolve("bucket");
        if (Files.exists(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path path :
                        walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
