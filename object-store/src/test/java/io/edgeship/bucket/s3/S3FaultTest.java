package io.edgeship.bucket.s3;

import static io.edgeship.bucket.s3.ScriptedStore.bare;
import static io.edgeship.bucket.s3.ScriptedStore.cut;
import static io.edgeship.bucket.s3.ScriptedStore.cutShort;
import static io.edgeship.bucket.s3.ScriptedStore.error;
import static io.edgeship.bucket.s3.ScriptedStore.object;
import static io.edgeship.bucket.s3.ScriptedStore.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.CapabilityProbe;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.runtime.config.ConfigException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3FaultTest {
    private static final String MD5_OF_HELLO = "5d41402abc4b2a76b9719d911017c592";
    private static final Body HELLO = Body.of("hello".getBytes(UTF_8));

    @SuppressWarnings("NullAway.Init") // opened before each test
    private ScriptedStore store;

    @SuppressWarnings("NullAway.Init")
    private Bucket bucket;

    @BeforeEach
    void open() throws Exception {
        store = new ScriptedStore();
        bucket = Buckets.open(config());
    }

    private ObjstoreConfig config() throws ConfigException {
        return ObjstoreConfig.parse("objstore.yml", """
                        type: S3
                        config: {bucket: b, endpoint: "%s", insecure: true, access_key: a, secret_key: s, max_retries: 2}
                        """.formatted(store.endpoint()));
    }

    @AfterEach
    void close() {
        bucket.close();
        store.close();
    }

    @Test
    void throttlingIsWaitedFor() throws IOException {
        store.then(error(503, "SlowDown"), error(500, "InternalError"), stored(MD5_OF_HELLO));

        assertThat(bucket.put("a", HELLO).eTag()).isEqualTo(MD5_OF_HELLO);
        assertThat(store.requests()).containsExactly("PUT /b/a", "PUT /b/a", "PUT /b/a");
    }

    @Test
    void patienceEndsWithTheTriesThatAreConfigured() {
        store.then(error(503, "SlowDown"), error(503, "SlowDown"), error(503, "SlowDown"), stored(MD5_OF_HELLO));

        assertThatThrownBy(() -> bucket.put("a", HELLO))
                .isInstanceOf(BucketException.Throttled.class)
                .hasMessageContaining("SlowDown");
        assertThat(store.requests()).hasSize(3);
    }

    @Test
    void aCutConnectionIsTriedAgain() throws IOException {
        store.then(cut(), stored(MD5_OF_HELLO));

        assertThat(bucket.put("a", HELLO).eTag()).isEqualTo(MD5_OF_HELLO);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, AccessDenied",
        "401, Unauthorized, AccessDenied",
        "403, RequestTimeTooSkewed, AccessDenied",
        "404, NoSuchUpload, NoSuchUpload",
        "404, NoSuchBucket, NotFound",
        "412, PreconditionFailed, PreconditionFailed",
        "409, ConditionalRequestConflict, Unavailable",
        "400, InvalidPart, Refused",
        "400, BadDigest, Refused",
        "501, NotImplemented, Unsupported",
        "503, SlowDown, Throttled",
        "503, ServiceUnavailable, Throttled",
        "500, InternalError, Throttled",
        "502, BadGateway, Throttled",
        "429, TooManyRequests, Throttled",
        "400, RequestTimeout, Unavailable",
        "408, RequestTimeout, Unavailable",
        "400, ExpiredToken, AccessDenied",
        "400, InvalidToken, AccessDenied",
        "400, TokenRefreshRequired, AccessDenied",
        "400, RequestExpired, AccessDenied",
        "403, InvalidAccessKeyId, AccessDenied",
        "403, SignatureDoesNotMatch, AccessDenied",
        "400, AuthorizationHeaderMalformed, AccessDenied",
    })
    void eachReplyHasItsFate(int status, String code, String type) throws Exception {
        store.then(error(status, code), error(status, code)); // a wrong clock is tried again
        FakeLink link = new FakeLink(Duration.ZERO); // over which the SDK does not wait and try again

        try (Bucket once = Buckets.open(config(), new SimpleMeterRegistry(), link, StoreClock.system())) {
            assertThatThrownBy(() -> once.uploadPart("a", "upload", 1, HELLO))
                    .isInstanceOf(BucketException.class)
                    .hasMessageContaining("status " + status)
                    .extracting(e -> e.getClass().getSimpleName())
                    .isEqualTo(type);
        }
    }

    @Test
    void bytesThatEndEarlyAreAnErrorAndNotTheEnd() throws IOException {
        store.then(cutShort(100, "only this".getBytes(UTF_8)));

        try (InputStream in = bucket.get("a")) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(BucketException.Unavailable.class);
        }
    }

    @Test
    void theObjectInTheWayOfAConditionalPutMayBeOurOwn() throws IOException {
        store.then(cut(), error(412, "PreconditionFailed"), object(5, MD5_OF_HELLO));

        assertThat(bucket.putIfAbsent("a", HELLO).eTag()).isEqualTo(MD5_OF_HELLO);
    }

    @Test
    void anotherObjectInTheWayIsNotOurs() {
        store.then(error(412, "PreconditionFailed"), object(5, "0".repeat(32)));

        assertThatThrownBy(() -> bucket.putIfAbsent("a", HELLO)).isInstanceOf(BucketException.PreconditionFailed.class);
    }

    @Test
    void whereETagsSayNothingTheBytesAreCompared() throws IOException {
        store.then(error(412, "PreconditionFailed"), object(5, "opaque"), cutShort(5, "hello".getBytes(UTF_8)));

        assertThat(bucket.putIfAbsent("a", HELLO).eTag()).isEqualTo("opaque");
    }

    @Test
    void aStoreWithoutConditionsIsNotAsked() {
        bucket.learn(new Capabilities(Support.NO, Support.UNKNOWN, Support.UNKNOWN));

        assertThatThrownBy(() -> bucket.putIfAbsent("a", HELLO)).isInstanceOf(BucketException.Unsupported.class);
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void aCompletionThatTookEffectBeforeTheCutIsRecognised() throws IOException {
        UploadedPart part = new UploadedPart(1, 5, MD5_OF_HELLO);
        String eTag = "62109206880d38a4010a98e11243924a-1"; // MD5 of the one MD5
        store.then(cut(), error(404, "NoSuchUpload"), object(5, eTag));

        assertThat(bucket.completeUpload("a", "upload", List.of(part)).eTag()).isEqualTo(eTag);
    }

    @Test
    void anUploadThatIsGoneWithoutItsObjectIsGone() {
        UploadedPart part = new UploadedPart(1, 5, MD5_OF_HELLO);
        store.then(error(404, "NoSuchUpload"), error(404, "NotFound"));

        assertThatThrownBy(() -> bucket.completeUpload("a", "upload", List.of(part)))
                .isInstanceOf(BucketException.NoSuchUpload.class);
    }

    @Test
    void theClockIsReadFromRefusalsToo() {
        ScriptedStore.Reply skewed = error(403, "RequestTimeTooSkewed");
        store.then(skewed, skewed, skewed); // the SDK tries again with the store's time
        assertThat(bucket.clock().now()).isEmpty();

        assertThatThrownBy(() -> bucket.get("a")).hasMessageContaining("clock is off");
        assertThat(bucket.clock().now().orElseThrow()).isBetween(Instant.now().minusSeconds(5), Instant.now());
    }

    /// Without leave to list, a store does not tell a missing key from one that it will not show.
    @Test
    void aHeadThatMayNotLookIsDeniedAndNotMissing() {
        store.then(error(403, ""));

        assertThatThrownBy(() -> bucket.head("a")).isInstanceOf(BucketException.AccessDenied.class);
    }

    /// With leave to put and nothing else, as an agent has in its inbox: what deleting can do stays unknown.
    @Test
    void aProbeThatMayOnlyPutStillFindsOutWhatPutsCanDo() {
        store.then(
                stored("0".repeat(32)),
                error(412, "PreconditionFailed"),
                error(403, ""), // the look at what is in the way
                error(403, "AccessDenied"), // deleteAll
                error(400, "BadDigest"));

        Capabilities found = CapabilityProbe.probe(bucket, "edgeship/inbox/s");

        assertThat(found).isEqualTo(new Capabilities(Support.YES, Support.UNKNOWN, Support.YES));
        assertThat(store.requests())
                .containsExactly(
                        "PUT /b/edgeship/inbox/s/probe",
                        "PUT /b/edgeship/inbox/s/probe",
                        "HEAD /b/edgeship/inbox/s/probe",
                        "POST /b?delete",
                        "PUT /b/edgeship/inbox/s/probe");
    }

    @Test
    void aProbeThatMayNotPutGivesUpAtOnce() {
        store.then(error(403, "AccessDenied"));

        assertThat(CapabilityProbe.probe(bucket, "edgeship/inbox/s")).isEqualTo(Capabilities.UNKNOWN);
        assertThat(store.requests()).containsExactly("PUT /b/edgeship/inbox/s/probe");
    }

    @ParameterizedTest
    @CsvSource({"AccessDenied, AccessDenied", "SlowDown, Throttled", "InternalError, Throttled"})
    void aBatchDeleteThatLeavesSomeHasTheirFate(String code, String type) {
        store.then(batch("<Error><Key>a</Key><Code>%s</Code></Error>".formatted(code)));

        assertThatThrownBy(() -> bucket.deleteAll(List.of("a", "b")))
                .isInstanceOf(BucketException.class)
                .extracting(e -> e.getClass().getSimpleName())
                .isEqualTo(type);
    }

    private static ScriptedStore.Reply batch(String errors) {
        byte[] body = ("<DeleteResult>" + errors + "</DeleteResult>").getBytes(UTF_8);
        return cutShort(body.length, body);
    }

    /// Above all no confirmation: an object without an ETag is not one whose ETag says nothing.
    @Test
    void aReplyWhoseHeadEndsEarlyIsNoAnswer() {
        store.then(bare(), bare(), bare());
        assertThatThrownBy(() -> bucket.head("a")).isInstanceOf(BucketException.Unavailable.class);
        assertThatThrownBy(() -> bucket.put("a", Body.of(new byte[1]))).isInstanceOf(BucketException.Unavailable.class);
        assertThatThrownBy(() -> bucket.uploadPart("a", "id", 1, Body.of(new byte[1])))
                .isInstanceOf(BucketException.Unavailable.class);
    }

    @Test
    void noServerIsUnavailable() {
        store.close();

        assertThatThrownBy(() -> bucket.head("a")).isInstanceOf(BucketException.Unavailable.class);
    }
}
