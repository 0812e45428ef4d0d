package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.json.JsonObject;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.ListPage;
import io.edgeship.bucket.ObjectInfo;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.chaos.ChaosProxy;
import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.demo.Child;
import io.edgeship.demo.Deadline;
import io.edgeship.demo.EdgeshipProcess;
import io.edgeship.demo.LocalS3;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A real Loki at a site and four agents beside it: two for the way through the inbox and two for the way
/// without, one for each thing that may become of tenants. An S3 server behind a slow link; the compactor's
/// role `logs`, and a real central Loki. Whoever is killed is killed with -9, at a moment that chance gives.
final class LogsBed implements AutoCloseable {
    static final long SEED = Long.getLong("edgeship.seed", 20_261_126);
    static final String LOGS = "loki";

    private static final int PAUSE_MILLIS_MAX = 3500;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /// Slow enough for a kill to hit the middle of a segment.
    private static final Faults SLOW = Faults.seeded(SEED).with(new Fault.Throttle(96 << 10));

    private static final Faults FAST = Faults.seeded(SEED);

    private final Path dir;
    private final Random random = new Random(SEED);
    private final List<End> running = new ArrayList<>();
    private final List<LogsAgent> agents = new ArrayList<>();
    private final Path program;
    private final LocalS3 store;
    private final Bucket bucket;
    private final ChaosProxy link;
    private final LocalLoki central;
    private final EdgeLoki edge;

    private LogsBed(Path dir) throws Exception {
        this.dir = dir;
        program = Program.loki();
        try {
            Path home = Files.createDirectories(dir.resolve("s3"));
            store = LocalS3.start(home, "blocks");
            running.add(store::close);
            Files.createDirectories(home.resolve("data").resolve(LOGS));
            bucket = Buckets.open(ObjstoreConfig.parse("objstore.yml", store.objstoreYaml(LOGS)));
            running.add(bucket::close);
            link = ChaosProxy.to(store.port(), SLOW);
            running.add(link::close);
            central = startCentral();
            running.add(central::close);
            edge = new EdgeLoki(program, dir.resolve("edge"), "zstd", SEED);
            running.add(edge::close);
            addAgents();
            compactorYaml();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    static LogsBed start(Path dir) throws Exception {
        return new LogsBed(dir);
    }

    private void addAgents() throws IOException {
        Path objstore = Files.writeString(dir.resolve("site.objstore.yml"), store.objstoreYaml(LOGS, link.port()));
        agents.add(new LogsAgent(dir, "a", TenantMode.VERBATIM, "plain", edge, objstore));
        agents.add(new LogsAgent(dir, "b", TenantMode.SITE, "inbox", edge, objstore));
        agents.add(new LogsAgent(dir, "c", TenantMode.FLEET, "plain", edge, objstore));
        agents.add(new LogsAgent(dir, "d", TenantMode.FLEET, "inbox", edge, objstore));
        agents.forEach(agent -> running.add(agent::close));
    }

    /// Ends something that runs.
    private interface End {
        void end() throws IOException;
    }

    List<LogsAgent> agents() {
        return agents;
    }

    LocalLoki central() {
        return central;
    }

    EdgeLoki edge() {
        return edge;
    }

    /// Between site and store.
    ChaosProxy link() {
        return link;
    }

    /// Of the logs, reached directly.
    Bucket bucket() {
        return bucket;
    }

    void startAgents() throws IOException {
        for (LogsAgent agent : agents) {
            agent.start();
        }
    }

    /// Each was at work until it was killed.
    void killAgents(int kills) throws IOException, InterruptedException {
        for (int kill = 0; kill < kills; kill++) {
            pause();
            killAndStart(agents.get(random.nextInt(agents.size())));
        }
    }

    private void killAndStart(LogsAgent agent) throws IOException, InterruptedException {
        assertThat(agent.isAlive())
                .as("seed %d, agent of %s: %s", SEED, agent.site(), agent.output())
                .isTrue();
        agent.kill();
        agent.start();
    }

    void killAgentsAndCompactor(int kills) throws IOException, InterruptedException {
        Child compactor = compactor();
        try {
            for (int kill = 0; kill < kills; kill++) {
                pause();
                int who = random.nextInt(agents.size() + 2);
                if (who < agents.size()) {
                    killAndStart(agents.get(who));
                } else {
                    assertThat(compactor.isAlive())
                            .as("seed %d: %s", SEED, compactor.output())
                            .isTrue();
                    compactor.kill();
                    LeftLocks.expire(dir.resolve("s3/data").resolve(LOGS));
                    compactor = compactor();
                }
            }
        } finally {
            compactor.close();
        }
    }

    private void pause() {
        LockSupport.parkNanos(
                Duration.ofMillis(100 + random.nextInt(PAUSE_MILLIS_MAX)).toNanos());
    }

    /// Nobody is killed any more: agents and compactor end with nothing left to do.
    void allArrives() throws IOException, InterruptedException {
        link.change(FAST);
        link.cut(); // connections that are open keep the old faults
        LeftLocks.expire(dir.resolve("s3/data").resolve(LOGS));
        try (Child compactor = compactor()) {
            for (LogsAgent agent : agents) {
                agent.startForTheLastTime(LIMIT);
            }
            for (LogsAgent agent : agents) {
                assertThat(agent.awaitExit(LIMIT.multipliedBy(2)))
                        .as("seed %d, agent of %s: %s", SEED, agent.site(), agent.output())
                        .isZero();
            }
            boolean taken = Deadline.in(LIMIT)
                    .reached(() -> bucket.list("edgeship/inbox/", null, null, 1)
                            .objects()
                            .isEmpty());
            assertThat(taken).as(compactor.output()).isTrue();
            assertThat(compactor.output()).doesNotContain("level=error");
        }
        assertThat(bucket.list("edgeship/sites/", null, null, ListPage.KEYS_MAX).objects())
                .as("seed %d: losses on record", SEED)
                .noneMatch(object -> object.key().contains("/losses/"));
        link.change(SLOW);
    }

    private LocalLoki startCentral() throws IOException, InterruptedException {
        return LocalLoki.start(program, dir.resolve("central"), """
                storage_config:
                  use_thanos_objstore: true
                  object_store:
                    s3:
                      endpoint: 127.0.0.1:%d
                      bucket_name: %s
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
                compactor:
                  compaction_interval: 20s
                  retention_enabled: true
                  delete_request_store: s3
                  delete_request_cancel_period: 1s
                """.formatted(
                        store.port(), LOGS, LocalS3.ACCESS_KEY, LocalS3.SECRET_KEY));
    }

    /// What each agent says its Loki was asked to delete.
    List<JsonObject> deleteRequests() throws IOException {
        List<JsonObject> requests = new ArrayList<>();
        for (ObjectInfo object :
                bucket.list("edgeship/sites/", null, null, ListPage.KEYS_MAX).objects()) {
            if (object.key().endsWith("/delete-requests.jsonl")) {
                try (InputStream in = bucket.get(object.key())) {
                    for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                        requests.add(JsonObject.parse(object.key(), line.getBytes(StandardCharsets.UTF_8)));
                    }
                }
            }
        }
        return requests;
    }

    private void compactorYaml() throws IOException {
        Path blocks = Files.writeString(dir.resolve("blocks.yml"), store.objstoreYaml("blocks"));
        Path logs = Files.writeString(dir.resolve("logs.yml"), store.objstoreYaml(LOGS));
        Files.writeString(dir.resolve("compactor.yaml"), """
                interval: 1s
                objstore: {file: '%s'}
                logs:
                  objstore: {file: '%s'}
                  loki: {url: '%s'}
                  verbatim_tenants: [acme, beta]
                http: {listen: "127.0.0.1:0"}
                """.formatted(blocks, logs, central.url()));
    }

    /// Runs a cycle a second until it is closed.
    private Child compactor() throws IOException {
        return EdgeshipProcess.compactor(dir.resolve("compactor.log"), dir.resolve("compactor.yaml"));
    }

    @Override
    public void close() throws IOException {
        for (End one : running.reversed()) {
            one.end();
        }
    }
}
