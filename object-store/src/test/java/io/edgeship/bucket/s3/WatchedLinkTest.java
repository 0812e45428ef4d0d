package io.edgeship.bucket.s3;

import static io.edgeship.bucket.s3.WireServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.bucket.s3.WireServer.Manner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // opened in each test
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a stuck write heeds no interrupt
class WatchedLinkTest {
    private static final Duration STALL = Duration.ofMillis(300);
    private static final Body HELLO = Body.of("hello".getBytes(UTF_8));

    /// More than the two sockets' buffers take in.
    private static final Body LARGE = Body.of(new byte[8 << 20]);

    private static TestCertificate certificate;

    private final FakeLink link = new FakeLink(STALL);
    private @Nullable WireServer server;
    private @Nullable Bucket bucket;

    @BeforeAll
    static void makeCertificate(@TempDir Path dir) throws Exception {
        certificate = TestCertificate.make(dir);
    }

    private Bucket open(boolean tls, Manner manner, Link over) throws Exception {
        server = new WireServer(manner, tls ? certificate.server() : null);
        return bucket(server.endpoint(), tls, over);
    }

    private Bucket bucket(String endpoint, boolean tls, Link over) throws Exception {
        String yaml = """
                type: S3
                config: {bucket: b, endpoint: "%s", insecure: %s, access_key: a, secret_key: s, max_retries: 5,
                    http_config: {tls_config: {ca_file: "%s"}}}
                """.formatted(endpoint, !tls, tls ? certificate.pem() : "");
        bucket = Buckets.open(
                ObjstoreConfig.parse("objstore.yml", yaml), new SimpleMeterRegistry(), over, StoreClock.system());
        return bucket;
    }

    private WireServer server() {
        return Objects.requireNonNull(server);
    }

    @AfterEach
    void close() throws Exception {
        if (bucket != null) {
            bucket.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyByteOnTheWireIsCountedAndNoOther(boolean tls) throws Exception {
        Bucket watched = open(tls, Manner.ANSWERS, link);
        String upload = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
        String completed = "<CompleteMultipartUploadResult><ETag>e-2</ETag></CompleteMultipartUploadResult>";
        server().then(ok(), reply("200 OK", "", upload), ok(), ok(), reply("200 OK", "", completed));

        watched.put("a key/with ä", HELLO);
        String id = watched.createUpload("large");
        UploadedPart one = watched.uploadPart("large", id, 1, Body.of(new byte[5 << 20]));
        UploadedPart two = watched.uploadPart("large", id, 2, Body.of(new byte[100_000]));
        watched.completeUpload("large", id, List.of(one, two));
        server().then(reply("200 OK", "ETag: \"e-2\"\r\nLast-Modified: Mon, 23 Nov 2026 10:00:00 GMT\r\n", ""));
        watched.head("large");
        server().then(reply("200 OK", "", "a reply"));
        try (InputStream in = watched.get("large")) {
            assertThat(in.readAllBytes()).hasSize(7);
        }
        server().then(reply("403 Forbidden", "", "<Error><Code>AccessDenied</Code></Error>"));
        assertThatThrownBy(() -> watched.put("b", HELLO)).isInstanceOf(BucketException.AccessDenied.class);

        await(() -> link.sentBytes() == server().receivedBytes());
        assertThat(link.sentBytes()).isEqualTo(server().receivedBytes()).isGreaterThan((5 << 20) + 100_000);
        await(() -> link.receivedBytes() == server().sentBytes()); // the server counts after it wrote
        assertThat(link.receivedBytes()).isEqualTo(server().sentBytes());
    }

    private static String ok() {
        return reply("200 OK", "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\nx-amz-request-id: 1\r\n", "");
    }

    @Test
    void bodiesAreReadInSmallBitesEachOfWhichTheLinkLetsPass() throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);

        watched.put("a", Body.of(new byte[1_000_000]));

        assertThat(link.paced()).allMatch(bytes -> bytes > 0 && bytes <= 64 << 10);
        assertThat(link.paced().stream().mapToInt(bytes -> bytes).sum()).isEqualTo(1_000_000);
        assertThat(link.admitted()).containsExactly(1_000_000L);
    }

    @Test
    void aRequestThatIsHeldBackSendsNothingAndSaysSo() throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);
        link.shut();

        assertThatThrownBy(() -> watched.put("a", HELLO))
                .isInstanceOf(BucketException.HeldBack.class)
                .hasMessage("the window opens at 18:00");
        assertThatThrownBy(() -> watched.head("a")).isInstanceOf(BucketException.HeldBack.class);
        assertThatThrownBy(() -> watched.get("a")).isInstanceOf(BucketException.HeldBack.class);
        assertThat(server().connectionCount()).isZero();
        assertThat(link.sentBytes()).isZero();
    }

    @Test
    void whatCannotConnectSendsNothing() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Bucket watched = bucket("127.0.0.1:" + port, false, link);

        assertThatThrownBy(() -> watched.put("a", HELLO)).isInstanceOf(BucketException.Unavailable.class);
        assertThatThrownBy(() -> watched.head("a")).isInstanceOf(BucketException.Unavailable.class);
        assertThat(link.sentBytes()).isZero();
        assertThat(link.admitted()).hasSize(2);
    }

    @Test
    void eachRequestIsTriedOnceForTheAgentHasThePatience() throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);
        server().then(reply("503 Slow Down", "", "<Error><Code>SlowDown</Code></Error>"));

        assertThatThrownBy(() -> watched.put("a", HELLO)).isInstanceOf(BucketException.Throttled.class);
        assertThat(server().heads()).hasSize(1);
    }

    /// The SDK takes the store's time from the refusal, tries once more, and signs with that time from then on.
    @ParameterizedTest
    @ValueSource(strings = {"RequestTimeTooSkewed", "RequestExpired"})
    void aClockThatIsOffIsSetRightAtOnce(String code) throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);
        Instant storeTime = Instant.now().plus(Duration.ofDays(40));
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(storeTime.atOffset(ZoneOffset.UTC));
        server().then(reply("403 Forbidden", "Date: " + date + "\r\n", "<Error><Code>" + code + "</Code></Error>"));

        watched.put("a", HELLO);
        watched.put("b", HELLO);

        String day = DateTimeFormatter.BASIC_ISO_DATE.format(
                storeTime.atOffset(ZoneOffset.UTC).toLocalDate());
        assertThat(server().heads()).hasSize(3);
        assertThat(server().heads().subList(1, 3)).allMatch(head -> head.contains("X-Amz-Date: " + day));
        assertThat(link.admitted()).as("each try is asked for").hasSize(3);
    }

    @Test
    void aClockThatStaysWrongIsNotTriedForEver() throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);
        String refusal = reply("403 Forbidden", "", "<Error><Code>RequestTimeTooSkewed</Code></Error>");
        server().then(refusal, refusal, refusal);

        assertThatThrownBy(() -> watched.put("a", HELLO)).hasMessageContaining("clock is off");
        assertThat(server().heads()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"false, NEVER_READS", "true, NEVER_READS", "false, NEVER_ANSWERS", "true, NEVER_ANSWERS"})
    void aConnectionOnWhichNothingMovesIsDropped(boolean tls, Manner manner) throws Exception {
        Bucket watched = open(tls, manner, link);
        Body body = manner == Manner.NEVER_READS ? LARGE : HELLO;

        assertThatThrownBy(() -> watched.put("a", body))
                .isInstanceOf(BucketException.Unavailable.class)
                .hasMessageContaining("no byte moved for 300 ms");
        assertThat(server().heads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplyThatStopsIsDropped(boolean tls) throws Exception {
        Bucket watched = open(tls, Manner.STOPS_HALFWAY, link);

        try (InputStream in = watched.get("a")) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(BucketException.Unavailable.class)
                    .hasMessageContaining("no byte moved for 300 ms")
                    .hasMessageContaining("got 4 of 10 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStoreThatHangsUpBeforeTheBodyIsUnavailable(boolean tls) throws Exception {
        Bucket watched = open(tls, Manner.HANGS_UP, link);

        assertThatThrownBy(() -> watched.uploadPart("a", "upload", 1, LARGE))
                .isInstanceOf(BucketException.Unavailable.class)
                .hasMessageContaining("Unexpected end of file");
    }

    @Test
    void waitingForTheLinkIsNoStall() throws Exception {
        Bucket watched = open(false, Manner.ANSWERS, link);
        link.pauseFor(STALL.multipliedBy(3));

        watched.put("a", HELLO);

        assertThat(link.paced()).containsExactly(5);
    }

    @Test
    void aLinkThatNobodyWatchesHasNoWatchman() throws Exception {
        Set<Thread> before = watchmen();
        Bucket plain = open(false, Manner.ANSWERS, Link.UNWATCHED);
        server().then(reply("503 Slow Down", "", "<Error><Code>SlowDown</Code></Error>"));

        plain.put("a", HELLO);

        assertThat(server().heads()).as("the SDK tries again").hasSize(2);
        assertThat(watchmen()).isEqualTo(before);
    }

    @Test
    void theWatchmanGoesWithTheBucket() throws Exception {
        Set<Thread> before = watchmen();
        Bucket watched = open(false, Manner.ANSWERS, link);
        watched.put("a", HELLO);
        assertThat(watchmen()).hasSize(before.size() + 1);

        watched.close();

        await(() -> watchmen().size() <= before.size());
        assertThat(watchmen()).hasSizeLessThanOrEqualTo(before.size());
    }

    private static Set<Thread> watchmen() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("stall-watch") && thread.isAlive())
                .collect(Collectors.toSet());
    }

    /// Returns at the latest after some seconds: the assertion that follows says what is wrong.
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
