package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkHeader;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.loki.LokiDayIndexes;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalS3;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a real central Loki does with a chunk whose fingerprint is a number that another Loki chose, for the hash was
/// taken: it answers its lines, under the index that we make, as long as no other stream of the tenant has the number.
/// With two of them it gives lines of one the labels of the other, which is why we make no such index.
class MappedStreamsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TENANT = "fleet";
    private static final long NUMBER = 1;
    private static final long FROM_NANOS = 1_795_290_000L * 1_000_000_000;
    private static final long TO_NANOS = 1_795_310_000L * 1_000_000_000;
    private static final String PUMP = "1d646579ed1e64ae/MWEyMDAzODM3ZGM6MWEyMDA2NTJiYTg6ZDI4NGVjZjc=";
    private static final String OTHER = "843ff034efbfd4eb/MWEyMDAzODU1ZDM6MWEyMDA2NmY0Y2I6YzkzNjdiY2E=";

    @TempDir
    private Path dir;

    @SuppressWarnings("NullAway.Init")
    private Path program;

    @BeforeEach
    void findLoki() {
        program = Program.loki();
    }

    @Test
    void oneStreamUnderANumberIsAnsweredAndTwoWouldBeMixed() throws Exception {
        LokiChunk pump = renumbered(PUMP, "a");
        LokiChunk other = renumbered(OTHER, "b");
        try (LocalS3 store = LocalS3.start(Files.createDirectories(dir.resolve("s3")), "blocks", "logs");
                Bucket bucket = Buckets.open(ObjstoreConfig.parse("objstore.yml", store.objstoreYaml("logs")));
                LocalLoki central = central(store)) {
            Path config = config(store, central);
            put(bucket, pump);
            assertThat(rebuild(config, 0)).contains("1 entries in 1 indexes");
            Deadline.in(LIMIT).reached(() -> !lines(central).isEmpty());
            assertThat(lines(central)).hasSize(Math.toIntExact(pump.entries()));
            assertThat(labels(central)).containsExactly(labels(pump));

            put(bucket, other);
            assertThat(rebuild(config, 1)).contains("left out", "which the stream {");

            LokiDayIndexes both = new LokiDayIndexes("index_");
            both.add(pump);
            both.add(other);
            for (LokiDayIndexes.IndexFile file : both.files()) {
                bucket.put(file.path(), Body.of(file.bytes()));
            }
            long all = pump.entries() + other.entries();
            Deadline.in(LIMIT).reached(() -> lines(central).size() > pump.entries());
            assertThat(lines(central).size()).isBetween((int) pump.entries() + 1, Math.toIntExact(all));
            assertThat(labels(central)).as("of two streams").hasSize(1);
        }
    }

    private static LokiChunk renumbered(String name, String site) throws IOException {
        try (InputStream in = MappedStreamsIT.class.getResourceAsStream("/demo/greenhouse-7/loki/fake/" + name)) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            LokiChunkHeader header = LokiChunkReader.parse(name, bytes);
            TreeMap<String, String> labels = new TreeMap<>(header.labels());
            labels.put("site", site);
            LokiChunkHeader changed = new LokiChunkHeader(
                    NUMBER,
                    TENANT,
                    header.fromMillis(),
                    header.throughMillis(),
                    Collections.unmodifiableSortedMap(labels),
                    header.ingestedMillis(),
                    header.encoding());
            int bodyAt = ByteBuffer.wrap(bytes).getInt() + Integer.BYTES;
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes(LokiChunkRewriter.head(changed, bytes.length - bodyAt));
            chunk.write(bytes, bodyAt, bytes.length - bodyAt);
            return LokiChunkReader.open(name, chunk.toByteArray());
        }
    }

    private static void put(Bucket bucket, LokiChunk chunk) throws IOException {
        bucket.put(LokiChunkKey.of(chunk).toString(), Body.of(chunk.toBytes()));
    }

    private LocalLoki central(LocalS3 store) throws IOException, InterruptedException {
        return LocalLoki.start(
                program, dir.resolve("central"), """
                storage_config:
                  use_thanos_objstore: true
                  object_store:
                    s3:
                      endpoint: 127.0.0.1:%d
                      bucket_name: logs
                      region: us-east-1
                      access_key_id: %s
                      secret_access_key: %s
                      insecure: true
                      bucket_lookup_type: path
                  tsdb_shipper: {resync_interval: 5s}
                schema_config:
                  configs:
                    - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                query_range: {cache_results: false}
                limits_config: {max_query_length: 0, max_query_lookback: 0, max_entries_limit_per_query: 100000}
                compactor: {compaction_interval: 10h}
                """.formatted(store.port(), LocalS3.ACCESS_KEY, LocalS3.SECRET_KEY));
    }

    private Path config(LocalS3 store, LocalLoki central) throws IOException {
        Path blocks = Files.writeString(dir.resolve("blocks.yml"), store.objstoreYaml("blocks"));
        Path logs = Files.writeString(dir.resolve("logs.yml"), store.objstoreYaml("logs"));
        return Files.writeString(dir.resolve("compactor.yaml"), """
                objstore: {file: '%s'}
                logs: {objstore: {file: '%s'}, loki: {url: '%s'}}
                """.formatted(blocks, logs, central.url()));
    }

    private String rebuild(Path config, int exitCode) throws IOException, InterruptedException {
        List<String> words = List.of("logs", "index", "--rebuild", "--config", config.toString());
        Path log = dir.resolve("rebuild." + exitCode);
        try (Child child = EdgeshipProcess.start(
                "logs index", log, "io.edgeship.compact.CompactMain", List.of("-Xmx128m"), words)) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isEqualTo(exitCode);
            return child.output();
        }
    }

    private static List<LogLine> lines(LocalLoki central) throws IOException, InterruptedException {
        return central.lines(TENANT, FROM_NANOS, TO_NANOS);
    }

    private static Set<SortedMap<String, String>> labels(LocalLoki central) throws IOException, InterruptedException {
        return lines(central).stream().map(LogLine::labels).collect(Collectors.toSet());
    }

    private static SortedMap<String, String> labels(LokiChunk chunk) {
        TreeMap<String, String> labels = new TreeMap<>(chunk.header().labels());
        labels.remove("__name__");
        return labels;
    }
}
