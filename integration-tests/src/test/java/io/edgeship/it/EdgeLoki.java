package io.edgeship.it;

import io.edgeship.demo.Deadline;
import io.edgeship.demo.LocalPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The Loki of a site, and all that was pushed to it: two tenants, streams with and without metadata, lines that are no
/// ASCII, chunks on both sides of midnight. Every line is unlike every other.
final class EdgeLoki implements AutoCloseable {
    static final List<String> TENANTS = List.of("acme", "beta");

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path program;
    private final Path home;
    private final List<LogLine> pushed = new ArrayList<>();
    private final Random random;
    private final int port = LocalPrometheus.freePort();
    private final Instant midnight = Instant.now().minus(Duration.ofHours(12)).truncatedTo(ChronoUnit.DAYS);
    private LocalLoki loki;

    /// A label of every stream. A Loki that has finished a chunk of a stream, gets more of it and is then
    /// killed takes the later lines for those that it has, and loses them: so no stream is gone on with.
    private int run;

    EdgeLoki(Path program, Path home, String codec, long seed) throws IOException, InterruptedException {
        this.program = program;
        this.home = home;
        random = new Random(seed);
        loki = start(codec);
    }

    /// Below which its chunks lie.
    Path chunks() {
        return home.resolve("chunks");
    }

    String url() {
        return loki.url();
    }

    private LocalLoki start(String codec) throws IOException, InterruptedException {
        return LocalLoki.start(program, home, port, """
                storage_config:
                  use_thanos_objstore: false
                  filesystem: {directory: %s}
                schema_config:
                  configs:
                    - {from: 2024-01-01, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}
                ingester: {chunk_encoding: %s, chunk_target_size: 20000, chunk_block_size: 4096, wal: {flush_on_shutdown: true}}
                limits_config: {reject_old_samples: false, discover_service_name: [], discover_log_levels: false}
                compactor:
                  retention_enabled: true
                  retention_delete_delay: 1h
                  delete_request_store: filesystem
                  delete_request_cancel_period: 1s
                  compaction_interval: 10s
                """.formatted(chunks(), codec));
    }

    /// Pushes lines that were written at regular intervals.
    ///
    /// @param fromMinutes since midnight; may be days before it
    void push(int lines, int fromMinutes, int toMinutes) throws IOException, InterruptedException {
        List<LogLine> all = new ArrayList<>();
        long from = nanos(midnight.plus(Duration.ofMinutes(fromMinutes)));
        long to = nanos(midnight.plus(Duration.ofMinutes(toMinutes)));
        for (int i = 0; i < lines; i++) {
            String tenant = TENANTS.get(i % 2);
            Map<String, String> labels = i % 3 == 0
                    ? Map.of("app", "pump", "run", "r" + run, "unit", "\"é{}" + i % 4)
                    : Map.of("app", "door", "run", "r" + run);
            String text = "line %d of %s, %016x, 溫室 \\n".formatted(pushed.size() + i, tenant, random.nextLong());
            Map<String, String> metadata = i % 5 == 0 ? Map.of("trace", "t" + i % 7, "user", "ü" + i % 3) : Map.of();
            long time = from + (to - from) / lines * i + random.nextInt(1000);
            all.add(LogLine.of(tenant, labels, time, text, metadata));
        }
        loki.push(all);
        pushed.addAll(all);
        run++;
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    long fromNanos() {
        return nanos(midnight.minus(Duration.ofDays(4)));
    }

    long toNanos() {
        return nanos(midnight.plus(Duration.ofDays(1)));
    }

    void flush() throws IOException, InterruptedException {
        loki.flush();
    }

    /// `kill -9`, and up again with another codec: it takes what its log of writes holds once more.
    void killAndRestart(String codec) throws IOException, InterruptedException {
        loki.kill();
        loki = start(codec);
    }

    /// SIGTERM, and up again.
    void restart(String codec) throws IOException, InterruptedException {
        loki.stop();
        loki = start(codec);
    }

    /// Has the lines of a tenant deleted whose labels and text are so; returns when the chunks that hold the
    /// others are written anew.
    void delete(String tenant, String app, String text) throws IOException, InterruptedException {
        loki.delete(tenant, "{app=\"%s\"} |= \"%s\"".formatted(app, text), "2026-01-01T00:00:00Z", "");
        restart("zstd"); // writes the index, without which nothing is deleted
        Deadline.in(LIMIT).await("deletion", () -> loki.deleteRequests(tenant).contains("\"processed\""));
        pushed.removeIf(line -> line.tenant().equals(tenant)
                && app.equals(line.labels().get("app"))
                && line.line().contains(text));
    }

    /// All that it has taken and not deleted, of one tenant.
    List<LogLine> pushed(String tenant) {
        return Collections.unmodifiableList(
                pushed.stream().filter(line -> line.tenant().equals(tenant)).toList());
    }

    @Override
    public void close() {
        loki.close();
    }
}
