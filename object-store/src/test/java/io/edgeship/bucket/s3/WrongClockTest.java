package io.edgeship.bucket.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.bucket.s3.WireServer.Manner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of a box whose wall clock is anywhere (I6). The servers' certificates are of years long before and after
/// the one in which the test runs, so that a look at the real clock would show.
@SuppressWarnings("NullAway.Init") // opened in each test
@Timeout(60)
class WrongClockTest {
    private static final String HERE = "ip:127.0.0.1";
    private static final Body HELLO = Body.of("hello".getBytes(UTF_8));

    private static TestAuthority authority;
    private static SSLContext of2019;
    private static SSLContext of2090;
    private static SSLContext ofAnotherName;

    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.EPOCH);
    private final FakeLink link = new FakeLink(Duration.ofSeconds(20));
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void makeCertificates(@TempDir Path dir) throws Exception {
        authority = TestAuthority.make(dir);
        of2019 = authority.server(HERE, 2019);
        of2090 = authority.server(HERE, 2090);
        ofAnotherName = authority.server("dns:store.example", 2019);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private WireServer server(@Nullable SSLContext tls) throws Exception {
        WireServer server = new WireServer(Manner.ANSWERS, tls);
        opened.add(server);
        return server;
    }

    private Bucket bucket(WireServer server, boolean tls, String built) throws Exception {
        String yaml = """
                type: S3
                config: {bucket: b, endpoint: "%s", insecure: %s, access_key: a, secret_key: s,
                    http_config: {tls_config: {ca_file: "%s"}}}
                """.formatted(server.endpoint(), !tls, tls ? authority.pem() : "");
        StoreClock clock = new StoreClock(wall::get, System::nanoTime, Instant.parse(built));
        Bucket bucket =
                Buckets.open(ObjstoreConfig.parse("objstore.yml", yaml), new SimpleMeterRegistry(), link, clock);
        opened.add(bucket);
        return bucket;
    }

    private static String date(String time) {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.parse(time).atOffset(ZoneOffset.UTC)) + "\r\n";
    }

    private static String stored(String time) {
        return WireServer.reply("200 OK", date(time) + "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n", "");
    }

    private static String refused(String time) {
        return WireServer.reply("403 Forbidden", date(time), "");
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 2019-03-01T00:00:00Z", // built while it was valid
        "2099-01-01T00:00:00Z, 2019-03-01T00:00:00Z",
        "1970-01-01T00:00:00Z, 2018-03-01T00:00:00Z", // built before it was made
        "2026-11-25T00:00:00Z, 2018-03-01T00:00:00Z"
    })
    void aCertificateThatIsValidByTheStoresTimeIsTaken(String wallTime, String built) throws Exception {
        wall.set(Instant.parse(wallTime));
        WireServer server = server(of2019).then(stored("2019-06-01T00:00:00Z"));
        Bucket bucket = bucket(server, true, built);

        bucket.put("a", HELLO);

        assertThat(bucket.clock().certificates().trusted().orElseThrow())
                .isBetween(Instant.parse("2019-06-01T00:00:00Z"), Instant.parse("2019-06-01T00:01:00Z"));
        assertThat(bucket.clock().now()).isPresent();
    }

    @Test
    void aCertificateOfTheFutureIsTakenOnceTheStoreSaysThatItHasBegun() throws Exception {
        WireServer server = server(of2090).then(stored("2090-02-01T00:00:00Z"));

        bucket(server, true, "2026-11-23T00:00:00Z").put("a", HELLO);

        assertThat(server.heads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2019-06-01T00:00:00Z", "2099-01-01T00:00:00Z"})
    void aCertificateThatHadExpiredWhenTheBuildWasMadeIsNeverTaken(String wallTime) throws Exception {
        wall.set(Instant.parse(wallTime));
        WireServer server = server(of2019);
        Bucket bucket = bucket(server, true, "2026-11-23T00:00:00Z");

        assertThatThrownBy(() -> bucket.put("a", HELLO))
                .isInstanceOf(BucketException.Unavailable.class)
                .hasMessageContaining("validity check failed");
        assertThat(server.heads()).as("nothing was sent").isEmpty();
    }

    @Test
    void norOneThatHadExpiredAtTheTimeThatWasKept() throws Exception {
        WireServer server = server(of2019);
        Bucket bucket = bucket(server, true, "2018-03-01T00:00:00Z");
        bucket.clock().certificates().trust(Instant.parse("2020-02-01T00:00:00Z"));

        assertThatThrownBy(() -> bucket.put("a", HELLO)).isInstanceOf(BucketException.Unavailable.class);
        assertThat(server.heads()).as("nothing was sent").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2020-02-01T00:00:00Z", "2018-06-01T00:00:00Z"}) // expired, not begun
    void aReplyWhoseDateIsOutsideOfItsCertificatesYearIsRefused(String date) throws Exception {
        WireServer server = server(of2019).then(stored(date), stored(date));
        Bucket bucket = bucket(server, true, "2018-03-01T00:00:00Z");

        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> bucket.put("a", HELLO))
                    .isInstanceOf(BucketException.Unavailable.class)
                    .hasMessageContaining("the time by its own reply");
        }
        assertThat(bucket.clock().now()).as("its time is not learnt").isEmpty();
        assertThat(bucket.clock().certificates().trusted()).isEmpty();
        server.then(stored("2019-06-01T00:00:00Z"));
        bucket.put("a", HELLO); // as soon as the two agree
    }

    @Test
    void aStoreWhoseClockIsBehindTheBuildIsMeasuredByTheBuild() throws Exception {
        WireServer server = server(of2019).then(stored("1970-01-01T00:00:00Z"));

        bucket(server, true, "2019-03-01T00:00:00Z").put("a", HELLO);

        assertThat(server.heads()).hasSize(1);
    }

    @Test
    void theServersNameIsCheckedAsEver() throws Exception {
        WireServer server = server(ofAnotherName);
        Bucket bucket = bucket(server, true, "2019-03-01T00:00:00Z");

        assertThatThrownBy(() -> bucket.put("a", HELLO))
                .isInstanceOf(BucketException.Unavailable.class)
                .hasMessageContaining("subject alternative names");
        assertThat(server.heads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"})
    void aRefusalTeachesTheTimeAndTheRequestIsSignedAnewAtOnce(String wallTime) throws Exception {
        wall.set(Instant.parse(wallTime));
        WireServer server = server(null).then(refused("2026-11-25T10:00:00Z"), stored("2026-11-25T10:00:01Z"));
        Bucket bucket = bucket(server, false, "2026-11-23T00:00:00Z");

        assertThat(bucket.head("a")).as("a HEAD's refusal has no words").isPresent();
        wall.set(Instant.parse("2031-01-01T00:00:00Z")); // it jumps
        bucket.put("b", HELLO);

        assertThat(server.heads()).hasSize(3);
        assertThat(server.heads().getFirst()).contains("X-Amz-Date: " + wallTime.substring(0, 4));
        assertThat(server.heads().subList(1, 3)).allMatch(head -> head.contains("X-Amz-Date: 20261125T1000"));
    }

    @Test
    void aRefusalThatHasNothingToDoWithTheTimeIsNotRepeated() throws Exception {
        wall.set(Instant.parse("2099-01-01T00:00:00Z"));
        WireServer server = server(null).then(stored("2026-11-25T10:00:00Z"), refused("2026-11-25T10:00:01Z"));
        Bucket bucket = bucket(server, false, "2026-11-23T00:00:00Z");
        bucket.put("a", HELLO);

        assertThatThrownBy(() -> bucket.put("b", HELLO)).isInstanceOf(BucketException.AccessDenied.class);
        assertThat(server.heads()).hasSize(2);
    }
}
