package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgeship.block.BlockId;
import io.edgeship.block.loki.LokiChunk;
import io.edgeship.block.loki.LokiChunkEdit;
import io.edgeship.block.loki.LokiChunkKey;
import io.edgeship.block.loki.LokiChunkReader;
import io.edgeship.block.loki.LokiChunkRewriter;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.LogSegment;
import io.edgeship.block.message.v1.Manifest;
import io.edgeship.block.thanos.BucketLayout;
import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.compact.intake.IntakeConfig;
import io.edgeship.compact.lock.StreamLocks;
import io.edgeship.compact.logs.LogsConfig;
import io.edgeship.compact.logs.LogsFleet;
import io.edgeship.compact.logs.LogsFreshness;
import io.edgeship.compact.logs.LogsIntake;
import io.edgeship.compact.logs.LogsResult;
import io.edgeship.compact.logs.LokiConfigSource;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The policies of `deploy/objstore` for the bucket of logs on a server that enforces them: who ships, takes in,
/// watches
/// and reads can do so, and nothing that would harm another.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // opened once before the tests
class LogsPolicyIT {
    private static final String SITE = "greenhouse-7";
    private static final String INCARNATION = "0123456789abcdef0123456789abcdef";
    private static final String CHUNK = SITE + ".acme/123456789abcdef/18c3a:18c3b:deadbeef";
    private static final String OTHERS_CHUNK = "greenhouse-77.acme/123456789abcdef/18c3a:18c3b:deadbeef";
    private static final String INDEX = "index/index_20000/%s.acme/1-compactor-1-1-1.tsdb.gz".formatted(SITE);
    private static final String SITES = "edgeship/sites/" + SITE + "/" + INCARNATION + "/";
    private static final String RECEIPT = SITES + "receipts/01M7TX80ZRM2X5R366W8P87Q8S.pb";
    private static final String STATE = "edgeship/fleet/logs.json.gz";
    private static final String LOCK = "edgeship/locks/0";
    private static final BlockId SEGMENT = BlockId.parse("01M7TX80ZRM2X5R366W8P87Q8S");

    private Path dir;
    private LocalMinio server;
    private Bucket everything;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        dir = home;
        server = LocalMinio.start(Program.minio(), dir);
        everything = open("all.yml", server.objstoreYaml());
    }

    @AfterAll
    void stop() {
        if (server != null) {
            everything.close();
            server.close();
        }
    }

    private Bucket with(String policy) throws Exception {
        return open(policy + ".yml", server.objstoreYaml(LocalMinio.policy(policy, SITE), server.port()));
    }

    private Bucket open(String file, String objstore) throws Exception {
        return Buckets.open(ObjstoreConfig.read(Files.writeString(dir.resolve(file), objstore)));
    }

    @Test
    void anAgentThatPutsChunksInTheirPlacesAddsToItsOwnTenantsAndNothingElse() throws Exception {
        try (Bucket agent = with("iam-logs-agent-plain.json")) {
            for (String key : List.of(
                    CHUNK,
                    BucketLayout.manifestKey(SITE, INCARNATION, SEGMENT),
                    SITES + "heartbeat.pb",
                    SITES + "losses/01M7TX80ZRM2X5R366W8P87Q8S.pb",
                    BucketLayout.deleteRequestsKey(SITE, INCARNATION),
                    SITES + "probe")) {
                agent.put(key, body());
                assertThat(everything.head(key)).as(key).isPresent();
                assertRefused(() -> agent.delete(key));
            }
            assertThat(read(agent, CHUNK)).isEqualTo(3);
            for (String key : List.of(
                    OTHERS_CHUNK,
                    "fleet/123456789abcdef/18c3a:18c3b:deadbeef",
                    SITE + ".acme/loki_cluster_seed.json",
                    INDEX,
                    RECEIPT,
                    STATE,
                    LOCK,
                    BucketLayout.manifestKey("greenhouse-77", INCARNATION, SEGMENT),
                    "edgeship/sites/greenhouse-77/" + INCARNATION + "/heartbeat.pb")) {
                assertRefused(() -> agent.put(key, body()));
            }
            everything.put(OTHERS_CHUNK, body());
            assertRefused(() -> read(agent, OTHERS_CHUNK));
            assertRefused(() -> agent.list("", null, null, 10));
        }
    }

    /// The role itself, with nothing but its policy: chunks, index, lock, note and receipt.
    @Test
    void theCompactorTakesInASegmentAndCanTakeNothingAway() throws Exception {
        LokiChunk chunk = chunk();
        String key = LokiChunkKey.of(chunk).toString();
        everything.put(key, Body.of(chunk.toBytes()));
        everything.put(
                BucketLayout.manifestKey(SITE, INCARNATION, SEGMENT),
                Body.of(manifest(key, chunk.toBytes()).toByteArray()));
        try (Bucket compactor = with("iam-logs-compactor.json")) {
            LogsResult result = role(compactor).run();

            assertThat(result.problem()).isEmpty();
            assertThat(result.taken().accepted()).isEqualTo(1);
            assertThat(result.indexes()).isEqualTo(1);
            assertThat(everything.list("edgeship/inbox/" + SITE, null, null, 10).objects())
                    .isEmpty();
            String index = everything
                    .list("index/index_", null, null, 10)
                    .objects()
                    .getFirst()
                    .key();
            for (String kept : List.of(key, index)) {
                assertRefused(() -> compactor.delete(kept));
                assertThat(everything.head(kept)).as(kept).isPresent();
            }
        }
    }

    private LogsIntake role(Bucket bucket) throws Exception {
        Path loki = Files.writeString(dir.resolve("loki.yaml"), """
                schema_config:
                  configs:
                  - {from: 2024-01-01, store: tsdb, object_store: s3, schema: v13, index: {prefix: index_, period: 24h}}
                """);
        LogsConfig config = new LogsConfig(
                new ObjstoreConfig.Filesystem(Path.of("unused"), ""), new LokiConfigSource.File(loki), Set.of());
        IntakeConfig rules = new IntakeConfig(true, Duration.ofDays(90), 1 << 30, "site");
        return new LogsIntake(bucket, config, rules, new StreamLocks(bucket, "the test"));
    }

    private static LokiChunk chunk() throws Exception {
        String bundled = "fake/656bd476da4c3f51/MWEyMDAzODRhMGI6MWEyMDA2OGQ4Mjc6NDkxMTJmYWY=";
        try (InputStream in = LogsPolicyIT.class.getResourceAsStream("/demo/" + SITE + "/loki/" + bundled)) {
            byte[] bytes = Objects.requireNonNull(in).readAllBytes();
            return LokiChunkRewriter.rewrite(
                    LokiChunkReader.open(bundled, bytes), new LokiChunkEdit(SITE + ".acme", Map.of(), null));
        }
    }

    private static Manifest manifest(String key, byte[] bytes) throws Exception {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(bytes);
        return Manifest.newBuilder()
                .setVersion(1)
                .setSite(SITE)
                .setIncarnation(INCARNATION)
                .setUlid(SEGMENT.toString())
                .setKind(Manifest.Kind.KIND_LOGS)
                .setCodec(Manifest.Codec.CODEC_IN_PLACE)
                .setAttempt(1)
                .setLogSegment(LogSegment.newBuilder().setSequence(1))
                .addFiles(Manifest.File.newBuilder()
                        .setPath(key)
                        .setSizeBytes(bytes.length)
                        .setSha256(ByteString.copyFrom(sha256)))
                .build();
    }

    @Test
    void theFleetServerSeesSitesAndNoLine() throws Exception {
        Heartbeat heartbeat = Heartbeat.newBuilder()
                .setVersion(1)
                .setSite("seen")
                .setIncarnation("cafe")
                .setBacklogItems(4)
                .build();
        everything.put(BucketLayout.heartbeatKey("seen", "cafe"), Body.of(heartbeat.toByteArray()));
        everything.put(CHUNK, body());
        everything.put(INDEX, body());
        try (Bucket fleet = with("iam-logs-fleet.json")) {
            List<LogsFreshness> sites = new LogsFleet(fleet).look().sites();
            assertThat(sites)
                    .filteredOn(site -> site.site().equals("seen"))
                    .extracting(site -> site.spool().backlogItems())
                    .containsExactly(4L);
            for (String key : List.of(CHUNK, INDEX)) {
                assertRefused(() -> read(fleet, key));
            }
            for (String key : List.of(CHUNK, INDEX, STATE, LOCK, SITES + "heartbeat.pb")) {
                assertRefused(() -> fleet.put(key, body()));
                assertRefused(() -> fleet.delete(key));
            }
        }
    }

    @Test
    void theCentralLokiReadsMergesAndRetainsAndLeavesEdgeshipAlone() throws Exception {
        everything.put(CHUNK, body());
        everything.put(INDEX, body());
        everything.put(RECEIPT, body());
        try (Bucket loki = with("iam-logs-loki.json")) {
            assertThat(read(loki, CHUNK)).isEqualTo(3);
            assertThat(read(loki, INDEX)).isEqualTo(3);
            assertThat(loki.list("index/", null, null, 10).objects()).isNotEmpty();
            loki.put(INDEX + ".merged", body());
            loki.delete(INDEX);
            loki.delete(CHUNK);
            for (String key : List.of(RECEIPT, STATE, LOCK)) {
                assertRefused(() -> loki.put(key, body()));
                assertRefused(() -> loki.delete(key));
            }
            assertRefused(() -> read(loki, RECEIPT));
        }
    }

    private static Body body() {
        return Body.of(new byte[] {1, 2, 3});
    }

    private static int read(Bucket bucket, String key) throws Exception {
        try (InputStream in = bucket.get(key)) {
            return in.readAllBytes().length;
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(BucketException.AccessDenied.class);
    }
}
