package io.edgeship.compact.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.loki.LokiIndex;
import io.edgeship.block.loki.LokiIndexReader;
import io.edgeship.block.loki.LokiIndexSeries;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Receipt;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.fleet.BucketMemory;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.config.ConfigFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Runs the role over a bucket in memory, and looks at what came of it.
final class LogsBed {
    static final String LOKI = """
            schema_config:
              configs:
                - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
            """;

    private static final String LOCKS = BucketLayout.OURS + "locks/";

    final BucketMemory bucket;
    String loki = LOKI;
    Set<String> verbatim = Set.of();
    private final LongSupplier nanoTime;
    private int processes;

    LogsBed() {
        bucket = new BucketMemory();
        nanoTime = System::nanoTime;
    }

    /// @param time of the store, and of every process
    LogsBed(InstantSource time) {
        bucket = new BucketMemory(time);
        nanoTime = () -> TimeUnit.MILLISECONDS.toNanos(time.millis());
    }

    /// One cycle of a process that was started for it.
    LogsResult run() {
        return run(bucket.open());
    }

    LogsResult run(Bucket through) {
        return process(through).run();
    }

    LogsIntake process(Bucket through) {
        LogsConfig config =
                new LogsConfig(new ObjstoreConfig.Filesystem(Path.of("unused"), ""), this::central, verbatim);
        IntakeConfig rules = new IntakeConfig(true, Duration.ofDays(90), 1 << 30, "site");
        return new LogsIntake(through, config, rules, new StreamLocks(through, "process " + processes++, nanoTime));
    }

    /// As long later as a lock is good that nobody renewed.
    void leaseEnds() throws IOException {
        for (String key : keys(LOCKS)) {
            bucket.put(key, bucket.read(key), StreamLocks.LEASE.plusMinutes(1));
        }
    }

    /// What is configured now.
    CentralLoki central() throws IOException {
        try {
            return CentralLoki.of(ConfigFile.parse("loki.yaml", loki, Map.of()));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    Receipt receipt(TestSegment segment) throws IOException {
        return bucket.holds(segment.receiptKey())
                ? TransportMessages.receipt(segment.receiptKey(), bucket.read(segment.receiptKey()))
                : Receipt.getDefaultInstance();
    }

    List<String> inbox() {
        return bucket.keys().stream()
                .filter(key -> key.startsWith(BucketLayout.INBOX))
                .toList();
    }

    List<String> indexes() {
        return bucket.keys().stream().filter(key -> key.startsWith("index/")).toList();
    }

    LokiIndex index(String key) throws IOException {
        byte[] plain = LokiIndexReader.unpack(key, new ByteArrayInputStream(bucket.read(key)));
        return LokiIndexReader.parse(key, plain);
    }

    /// Keys of all chunks that an index names.
    Set<String> indexed() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String path : indexes()) {
            String tenant = path.split("/", -1)[2];
            for (LokiIndexSeries series : index(path).series()) {
                series.chunks()
                        .forEach(chunk -> keys.add("%s/%x/%x:%x:%x"
                                .formatted(
                                        tenant,
                                        series.fingerprint(),
                                        chunk.fromMillis(),
                                        chunk.throughMillis(),
                                        chunk.crc32c())));
            }
        }
        return keys;
    }

    /// Keys of all chunks in the bucket.
    Set<String> stored() {
        Set<String> keys = new TreeSet<>(bucket.keys());
        keys.removeIf(key -> key.startsWith("index/") || key.startsWith(BucketLayout.OURS));
        return keys;
    }

    /// Accepted, every chunk in its place and in an index, nothing left in the inbox.
    void holds(TestSegment segment, String when) throws IOException {
        assertThat(receipt(segment).getVerdict())
                .as("%s: %s", when, receipt(segment).getDetail())
                .isEqualTo(Verdict.VERDICT_ACCEPTED);
        for (var chunk : segment.chunks.entrySet()) {
            assertThat(bucket.read(chunk.getKey())).as(when).isEqualTo(chunk.getValue());
        }
        assertThat(indexed()).as(when).containsAll(segment.chunks.keySet());
        assertThat(inbox()).as(when).noneMatch(key -> key.startsWith(segment.prefix()));
    }

    /// I1.
    void namesNothingThatIsNotThere(String when) throws IOException {
        assertThat(stored()).as(when).containsAll(indexed());
    }

    List<String> keysButLocks() {
        List<String> keys = keys("");
        keys.removeAll(keys(LOCKS));
        return keys;
    }

    List<String> keys(String prefix) {
        return new ArrayList<>(
                bucket.keys().stream().filter(key -> key.startsWith(prefix)).toList());
    }
}
