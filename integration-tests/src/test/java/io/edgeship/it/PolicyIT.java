package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SiteReport;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The policies of `deploy/objstore` on a server that enforces them: what an agent needs is allowed, and nothing that
/// would let a site harm others, or itself (I8).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // opened once before the tests
class PolicyIT {
    private static final String SITE = "greenhouse-7";
    private static final String OTHER_SITE = "greenhouse-77";
    private static final String INCARNATION = "/0123456789abcdef0123456789abcdef/";
    private static final String INBOX = "edgeship/inbox/" + SITE + INCARNATION;
    private static final String REPORTS = "edgeship/sites/" + SITE + INCARNATION;
    private static final String BLOCK = "01M7TX80ZRM2X5R366W8P87Q8S/";
    private static final String ITEM = INBOX + "01M7TX80ZRM2X5R366W8P87Q8S.item/";
    private static final String RECEIPT = REPORTS + "receipts/01M7TX80ZRM2X5R366W8P87Q8S.pb";

    private static final List<String> OF_INBOX = List.of(
            ITEM + "000000000000-0065536-deadbeef",
            ITEM + "manifest.pb",
            REPORTS + "heartbeat.pb",
            REPORTS + "losses/01M7TX80ZRM2X5R366W8P87Q8S.pb",
            REPORTS + "probe");

    private static final List<String> OF_PLAIN = List.of(
            BLOCK + "chunks/000001",
            BLOCK + "index",
            BLOCK + "meta.json",
            REPORTS + "heartbeat.pb",
            REPORTS + "losses/01M7TX80ZRM2X5R366W8P87Q8S.pb",
            REPORTS + "probe");

    /// What neither may write, whatever its name looks like.
    private static final List<String> OF_NEITHER = List.of(
            BLOCK + "deletion-mark.json",
            BLOCK + "no-compact-mark.json",
            BLOCK + "no-downsample-mark.json",
            BLOCK + "chunks/deletion-mark.json",
            BLOCK + "tombstones",
            "index/loki_index_20000/fake/1-compactor-1-0.tsdb.gz",
            "fake/0123456789abcdef/18c3a:18c3b:deadbeef",
            RECEIPT,
            "edgeship/inbox/" + OTHER_SITE + INCARNATION + "01M7TX80ZRM2X5R366W8P87Q8S.item/manifest.pb",
            "edgeship/inbox/" + SITE,
            "edgeship/sites/" + OTHER_SITE + INCARNATION + "heartbeat.pb",
            "edgeship/sites/" + OTHER_SITE + INCARNATION + "losses/01M7TX80ZRM2X5R366W8P87Q8S.pb",
            "edgeship/sites/" + OTHER_SITE + INCARNATION + "receipts/01M7TX80ZRM2X5R366W8P87Q8S.pb",
            "edgeship/fleet/bucket-index.json.gz",
            "edgeship/locks/0",
            "meta.json");

    private static final List<String> NEVER_OF_PLAIN = List.of(
            BLOCK + "deletion-mark.json",
            BLOCK + "no-compact-mark.json",
            BLOCK + "no-downsample-mark.json",
            "index/loki_index_20000/fake/1-compactor-1-0.tsdb.gz",
            ITEM + "manifest.pb",
            RECEIPT,
            "edgeship/fleet/bucket-index.json.gz",
            "edgeship/locks/0");

    static final List<String> BEYOND_INBOX = Stream.concat(
                    OF_NEITHER.stream(), Stream.of(BLOCK + "index", BLOCK + "meta.json", BLOCK + "chunks/000001"))
            .toList();
    static final List<String> BEYOND_PLAIN =
            Stream.concat(OF_NEITHER.stream(), Stream.of(ITEM + "manifest.pb")).toList();

    private Path dir;
    private LocalMinio server;
    private Bucket everything;
    private Bucket inbox;
    private Bucket plain;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        dir = home;
        server = LocalMinio.start(Program.minio(), dir);
        everything = open("all.yml", server.objstoreYaml());
        inbox = open("inbox.yml", with("iam-agent-inbox.json"));
        plain = open("plain.yml", with("iam-agent-plain.json"));
    }

    @AfterAll
    void stop() {
        if (server != null) {
            List.of(everything, inbox, plain).forEach(Bucket::close);
            server.close();
        }
    }

    private String with(String policy) throws Exception {
        return server.objstoreYaml(LocalMinio.policy(policy, SITE), server.port());
    }

    private Bucket open(String file, String objstore) throws Exception {
        return Buckets.open(ObjstoreConfig.read(Files.writeString(dir.resolve(file), objstore)));
    }

    @Test
    void inboxWritesWhatItsAgentWrites() throws Exception {
        assertWrites(inbox, OF_INBOX);
    }

    @Test
    void plainWritesWhatItsAgentWrites() throws Exception {
        assertWrites(plain, OF_PLAIN);
    }

    private void assertWrites(Bucket bucket, List<String> keys) throws Exception {
        for (String key : keys) {
            bucket.put(key, body());
            assertThat(everything.head(key)).as(key).isPresent();
        }
    }

    @ParameterizedTest
    @FieldSource("BEYOND_INBOX")
    void inboxIsRefusedTheRest(String key) {
        assertRefused(() -> inbox.put(key, body()));
    }

    @ParameterizedTest
    @FieldSource("BEYOND_PLAIN")
    void plainIsRefusedTheRest(String key) {
        assertRefused(() -> plain.put(key, body()));
    }

    @Test
    void refusedInOnePieceIsRefusedInParts() {
        assertRefused(() -> inbox.createUpload(BLOCK + "index"));
        assertRefused(() -> inbox.createUpload(RECEIPT));
        assertRefused(() -> plain.createUpload(BLOCK + "deletion-mark.json"));
        assertRefused(() -> plain.createUpload(RECEIPT));
    }

    @Test
    void inboxReadsItsReceiptsAndNothingElse() throws Exception {
        everything.put(RECEIPT, body());
        assertThat(read(inbox, RECEIPT)).isEqualTo(3);
        everything.put(ITEM + "manifest.pb", body());
        everything.put(BLOCK + "meta.json", body());
        String others = "edgeship/sites/" + OTHER_SITE + INCARNATION + "receipts/01M7TX80ZRM2X5R366W8P87Q8S.pb";
        everything.put(others, body());
        for (String key : List.of(ITEM + "manifest.pb", BLOCK + "meta.json", others)) {
            assertRefused(() -> read(inbox, key));
            assertRefused(() -> inbox.head(key));
        }
    }

    @Test
    void plainReadsBlocksOnly() throws Exception {
        everything.put(BLOCK + "meta.json", body());
        everything.put(REPORTS + "heartbeat.pb", body());
        assertThat(read(plain, BLOCK + "meta.json")).isEqualTo(3);
        assertThat(plain.head(BLOCK + "meta.json")).isPresent();
        assertRefused(() -> read(plain, REPORTS + "heartbeat.pb"));
    }

    @Test
    void plainSendsInPartsAndSeesWhichAreThere() throws Exception {
        String key = BLOCK + "chunks/000002";
        String upload = plain.createUpload(key);
        UploadedPart part = plain.uploadPart(key, upload, 1, Body.of(new byte[(int) UploadedPart.SIZE_BYTES_MIN]));
        UploadedPart last = plain.uploadPart(key, upload, 2, body());
        assertThat(plain.listParts(key, upload)).hasSize(2);
        plain.completeUpload(key, upload, List.of(part, last));
        String given = plain.createUpload(BLOCK + "chunks/000003");
        plain.abortUpload(BLOCK + "chunks/000003", given);
        assertThat(everything.head(key).orElseThrow().sizeBytes()).isEqualTo(UploadedPart.SIZE_BYTES_MIN + 3);
    }

    @Test
    void nobodyAtASiteDeletesOrLists() throws Exception {
        for (String key : List.of(BLOCK + "index", REPORTS + "heartbeat.pb", ITEM + "manifest.pb")) {
            everything.put(key, body());
            for (Bucket bucket : List.of(inbox, plain)) {
                assertRefused(() -> bucket.delete(key));
                assertThatThrownBy(() -> bucket.deleteAll(List.of(key))).isInstanceOf(BucketException.class);
            }
            assertThat(everything.head(key)).as(key).isPresent();
        }
        for (Bucket bucket : List.of(inbox, plain)) {
            assertRefused(() -> bucket.list("", null, null, 10));
            assertRefused(() -> bucket.list("edgeship/inbox/" + SITE + "/", null, null, 10));
            assertRefused(() -> bucket.listUploads(""));
        }
    }

    /// A second policy on the same user must not open what these close.
    @Test
    void whatIsNeverIsNeverEvenBesideAPolicyThatAllowsAll() throws Exception {
        String all = "\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::*\"},";
        String both = LocalMinio.policy("iam-agent-plain.json", SITE).replace("\"Statement\": [", all);
        try (Bucket wide = open("wide.yml", server.objstoreYaml(both, server.port()))) {
            wide.put("anything/else", body());
            for (String key : NEVER_OF_PLAIN) {
                assertRefused(() -> wide.put(key, body()));
            }
            assertRefused(() -> wide.delete("anything/else"));
        }
        both = LocalMinio.policy("iam-agent-inbox.json", SITE).replace("\"Statement\": [", all);
        try (Bucket wide = open("wide.yml", server.objstoreYaml(both, server.port()))) {
            assertRefused(() -> wide.put(RECEIPT, body()));
        }
    }

    /// What the agent must live with: without leave to list, AWS calls a missing object forbidden. MinIO says the
    /// truth.
    @Test
    void aReceiptThatIsNotThereIsForbiddenOrMissing() {
        String missing = REPORTS + "receipts/01M83GSE62ARGZ6NS2THBV0E4Q.pb";
        assertThatThrownBy(() -> read(inbox, missing))
                .isInstanceOfAny(BucketException.AccessDenied.class, BucketException.NotFound.class);
    }

    @Test
    void theCompactorMayDoItsWork() throws Exception {
        try (Bucket compactor = open("compactor.yml", with("iam-compactor.json"))) {
            compactor.put(RECEIPT, body());
            assertThat(read(compactor, RECEIPT)).isEqualTo(3);
            assertThat(compactor.list("edgeship/", null, null, 10).objects()).isNotEmpty();
            String upload = compactor.createUpload(BLOCK + "index");
            assertThat(compactor.listUploads(BLOCK + "index")).hasSize(1); // MinIO lists those of one key
            compactor.abortUpload(BLOCK + "index", upload);
            compactor.delete(RECEIPT);
            assertThat(compactor.head(RECEIPT)).isEmpty();
        }
    }

    @Test
    void theFleetServerReadsWhatItTellsOfAndNothingElse() throws Exception {
        everything.put(BLOCK + "index", body());
        everything.put(BLOCK + "meta.json", body());
        everything.put(BLOCK + "deletion-mark.json", body());
        everything.put(REPORTS + "heartbeat.pb", body());
        everything.put(RECEIPT, body());
        try (Bucket fleet = open("fleet.yml", with("iam-fleet.json"))) {
            BucketView view = new BucketSync(fleet).sync();
            assertThat(view.reports()).extracting(SiteReport::site).contains(SITE);
            for (String key : List.of(BLOCK + "meta.json", BLOCK + "deletion-mark.json", REPORTS + "heartbeat.pb")) {
                assertThat(read(fleet, key)).isEqualTo(3);
            }
            for (String key : List.of(BLOCK + "index", RECEIPT)) {
                assertRefused(() -> read(fleet, key));
            }
            assertWritesNothing(fleet);
        }
    }

    @Test
    void whoeverReadsForThanosReadsAllAndWritesNothing() throws Exception {
        everything.put(BLOCK + "index", body());
        try (Bucket reader = open("reader.yml", with("iam-reader.json"))) {
            assertThat(read(reader, BLOCK + "index")).isEqualTo(3);
            assertThat(reader.list("", null, null, 10).objects()).isNotEmpty();
            assertWritesNothing(reader);
        }
    }

    private void assertWritesNothing(Bucket bucket) throws Exception {
        for (String key :
                List.of(BLOCK + "index", BLOCK + "meta.json", REPORTS + "heartbeat.pb", "edgeship/fleet/probe")) {
            everything.put(key, body());
            assertRefused(() -> bucket.put(key, body()));
            assertRefused(() -> bucket.createUpload(key));
            assertRefused(() -> bucket.delete(key));
            assertThat(everything.head(key)).as(key).isPresent();
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
