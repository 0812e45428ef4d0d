package io.edgeship.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.S3ProxyServer;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.UploadedPart;
import io.edgeship.bucket.config.Buckets;
import io.edgeship.bucket.config.ObjstoreConfig;
import io.edgeship.bucket.s3.TestAuthority;
import io.edgeship.demo.BundledSites;
import io.edgeship.demo.Child;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real servers, which refuse what is signed with a time that is a quarter of an hour off, and a box whose clock is
/// years off (I6).
class WrongClockIT {
    private static final String BUCKET = "telemetry";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Body HELLO = Body.of("hello".getBytes(UTF_8));

    @TempDir
    private Path dir;

    /// Lets everything pass and counts the tries.
    private static final class Tries implements Link {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void admit(long bodyBytes) {
            count.incrementAndGet();
        }

        @Override
        public void pace(int bytes) {}

        @Override
        public void sent(long bytes) {}

        @Override
        public void received(long bytes) {}

        @Override
        public Duration stallAfter(long bodyBytes) {
            return LIMIT;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:10Z", "2099-01-01T00:00:00Z"})
    void s3ProxyTakesWhatIsSigned(String wall) throws Exception {
        Files.createDirectories(dir.resolve("buckets").resolve(BUCKET));
        try (S3ProxyServer server = S3ProxyServer.start(dir)) {
            assertTaken(server.objstoreYaml(BUCKET), wall);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:10Z", "2099-01-01T00:00:00Z"})
    void minioTakesWhatIsSigned(String wall) throws Exception {
        try (LocalMinio server = LocalMinio.start(Program.minio(), dir)) {
            assertTaken(server.objstoreYaml(), wall);
        }
    }

    /// The first request is a HEAD, whose refusal has no words.
    private static void assertTaken(String yaml, String wallTime) throws Exception {
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse(wallTime));
        StoreClock clock = new StoreClock(wall::get, System::nanoTime);
        Tries tries = new Tries();
        ObjstoreConfig config = ObjstoreConfig.parse("objstore.yml", yaml);
        try (Bucket bucket = Buckets.open(config, new SimpleMeterRegistry(), tries, clock)) {
            assertThat(bucket.head("a")).isEmpty();
            assertThat(tries.count).as("refused once, then taken").hasValue(2);
            wall.set(Instant.parse("2031-01-01T00:00:00Z"));
            bucket.put("a", HELLO);
            String upload = bucket.createUpload("b");
            UploadedPart part = bucket.uploadPart("b", upload, 1, HELLO);
            bucket.completeUpload("b", upload, List.of(part));
            assertThat(bucket.head("b")).isPresent();
            assertThat(tries.count).as("no other was refused").hasValue(7);
            assertThat(clock.skew().orElseThrow()).isGreaterThan(Duration.ofDays(365));
        }
    }

    /// The whole agent, its clock moved by libfaketime.
    @ParameterizedTest
    @ValueSource(strings = {"@1971-01-01 00:00:00", "@2040-01-01 00:00:00"})
    void anAgentWhoseMachinesClockIsYearsOffShipsWithTheStoresTime(String time) throws Exception {
        Path library = Program.faketime();
        Files.createDirectories(dir.resolve("buckets").resolve(BUCKET));
        BundledSites.unpack(CommandLine.SITE, dir.resolve("data"));
        try (S3ProxyServer server = S3ProxyServer.start(dir)) {
            shipsAt(time, library, server.objstoreYaml(BUCKET));
        }
    }

    /// Over TLS, where the clock also says which certificates are valid: the server's is, of this year.
    @ParameterizedTest
    @ValueSource(strings = {"@1971-01-01 00:00:00", "@2040-01-01 00:00:00"})
    void anAgentWhoseMachinesClockIsYearsOffTrustsAValidCertificate(String time) throws Exception {
        Path library = Program.faketime();
        Files.createDirectories(dir.resolve("buckets").resolve(BUCKET));
        BundledSites.unpack(CommandLine.SITE, dir.resolve("data"));
        TestAuthority authority = TestAuthority.make(dir);
        int thisYear = Instant.now().atOffset(ZoneOffset.UTC).getYear();
        try (S3ProxyServer server = S3ProxyServer.start(dir);
                TlsFront front = TlsFront.start(authority.server("ip:127.0.0.1", thisYear), port(server))) {
            shipsAt(time, library, overTls(server, front, authority));
        }
    }

    /// A clock that stands in the certificate's own year does not make an old one good.
    @Test
    void anAgentWhoseMachinesClockStandsInThePastTakesNoCertificateOfThen() throws Exception {
        Path library = Program.faketime();
        Files.createDirectories(dir.resolve("buckets").resolve(BUCKET));
        BundledSites.unpack(CommandLine.SITE, dir.resolve("data"));
        TestAuthority authority = TestAuthority.make(dir);
        try (S3ProxyServer server = S3ProxyServer.start(dir);
                TlsFront front = TlsFront.start(authority.server("ip:127.0.0.1", 2020), port(server))) {
            Path config = agentYaml(overTls(server, front, authority), "");
            try (Child agent =
                    agent(dir.resolve("agent.log"), config, moved("@2020-06-01 00:00:00", library), "--once")) {
                assertThat(agent.awaitExit(LIMIT)).as(agent.output()).isEqualTo(1);
                assertThat(agent.output()).contains("NotAfter");
            }
        }
        assertThat(dir.resolve("buckets").resolve(BUCKET)).isEmptyDirectory();
    }

    private static int port(S3ProxyServer server) {
        return Integer.parseInt(server.endpoint().substring(server.endpoint().indexOf(':') + 1));
    }

    private static String overTls(S3ProxyServer server, TlsFront front, TestAuthority authority) {
        return server.objstoreYaml(BUCKET)
                        .replace(server.endpoint(), "127.0.0.1:" + front.port())
                        .replace("insecure: true", "insecure: false")
                + "  http_config: {tls_config: {ca_file: '%s'}}\n".formatted(authority.pem());
    }

    private void shipsAt(String time, Path library, String objstore) throws Exception {
        Path config = agentYaml(objstore, "");
        try (Child agent = agent(dir.resolve("agent.log"), config, moved(time, library), "--once")) {
            assertThat(agent.awaitExit(LIMIT)).as(agent.output()).isZero();
            assertThat(agent.output()).contains("this machine's clock is off");
        }
        String meta = Files.readString(dir.resolve("buckets")
                .resolve(BUCKET)
                .resolve(CommandLine.BLOCK)
                .resolve("meta.json"));
        String today = Instant.now().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        assertThat(meta).containsPattern("\"upload_time\": ?\"" + today);
    }

    private static Map<String, String> moved(String time, Path library) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME",
                time,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1");
    }

    @Test
    void theSecondOfTwoAgentsOnOneSpoolNamesTheFirstAndStops() throws Exception {
        BundledSites.unpack(CommandLine.SITE, dir.resolve("data"));
        Files.createDirectories(dir.resolve("bucket"));
        String directory = "type: FILESYSTEM\nconfig: {directory: '%s'}\n".formatted(dir.resolve("bucket"));
        Path config = agentYaml(directory, "scan_interval: 1s");
        try (Child first = agent(dir.resolve("first.log"), config, Map.of())) {
            first.await("the block to be shipped", LIMIT, () -> first.output().contains("block shipped"));
            try (Child second = agent(dir.resolve("second.log"), config, Map.of())) {
                assertThat(second.awaitExit(LIMIT)).as(second.output()).isEqualTo(2);
                assertThat(second.output())
                        .contains("is in use by process " + first.pid(), "stop that agent first")
                        .doesNotContain("\tat ");
            }
            assertThat(first.isAlive()).isTrue();
        }
    }

    private Path agentYaml(String objstore, String more) throws Exception {
        Path store = Files.writeString(dir.resolve("objstore.yml"), objstore);
        return Files.writeString(
                dir.resolve("agent.yaml"), """
                site: %s
                sources: [{type: prometheus, path: '%s', external_labels: {replica: a}}]
                objstore: {file: '%s'}
                http: {listen: "127.0.0.1:0"}
                %s
                """.formatted(CommandLine.SITE, dir.resolve("data"), store, more));
    }

    private static Child agent(Path log, Path config, Map<String, String> environment, String... more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.edgeship.agent.AgentMain",
                "agent",
                "--config",
                config.toString()));
        command.addAll(List.of(more));
        return Child.start("agent", log, command, environment);
    }
}
