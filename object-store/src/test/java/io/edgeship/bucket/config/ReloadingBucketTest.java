package io.edgeship.bucket.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.Body;
import io.edgeship.bucket.Capabilities;
import io.edgeship.bucket.Capabilities.Support;
import io.edgeship.bucket.Link;
import io.edgeship.bucket.StoreClock;
import io.edgeship.runtime.config.ConfigException;
import io.edgeship.runtime.http.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // opened before each test
@Timeout(30)
class ReloadingBucketTest {
    @TempDir
    Path dir;

    private final Metrics metrics = new Metrics();
    private Path file;
    private ReloadingBucket bucket;
    private int writes;

    @BeforeEach
    void open() throws Exception {
        file = dir.resolve("objstore.yml");
        write(directory("one"));
        bucket = open(file);
    }

    private ReloadingBucket open(Path of) throws Exception {
        ObjstoreConfig.Source source = new ObjstoreConfig.Source(Optional.of(of), ObjstoreConfig.read(of));
        return ReloadingBucket.open(source, metrics.registry(), Link.UNWATCHED, StoreClock.system());
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    private String directory(String name) {
        return "type: FILESYSTEM\nconfig: {directory: \"%s\"}\n".formatted(dir.resolve(name));
    }

    private static String s3(String bucket, String token, String more) {
        return """
                type: S3
                config: {bucket: %s, endpoint: "127.0.0.1:9", insecure: true, access_key: a, secret_key: s,
                    session_token: "%s"%s}
                """.formatted(bucket, token, more);
    }

    /// Each with a time of its own, as the files of a test are written faster than the clock of a file system ticks.
    private void write(String content) throws IOException {
        write(file, content);
    }

    private void write(Path to, String content) throws IOException {
        Files.writeString(to, content);
        Files.setLastModifiedTime(
                to, FileTime.from(Instant.parse("2026-11-25T10:00:00Z").plusSeconds(writes++)));
    }

    @Test
    void aChangedFileIsTakenIntoUse() throws Exception {
        bucket.put("a", Body.of("1".getBytes(UTF_8)));
        assertThat(bucket.reloadIfChanged()).isFalse();

        write(directory("two"));

        assertThat(bucket.reloadIfChanged()).isTrue();
        assertThat(bucket.head("a")).isEmpty();
        assertThat(bucket.location()).endsWith("two");
        assertThat(bucket.reloadIfChanged()).isFalse();
    }

    @Test
    void aFileWrittenAgainWithTheSameContentChangesNothing() throws Exception {
        write(directory("one"));

        assertThat(bucket.reloadIfChanged()).isFalse();
    }

    @Test
    void aBrokenFileKeepsTheOldBucketAndSaysWhyUntilItIsMended() throws Exception {
        bucket.put("a", Body.of("1".getBytes(UTF_8)));

        write("type: FILESYSTEM\nconfig: {directry: x}\n");
        assertThat(bucket.reloadIfChanged()).isFalse();
        assertThat(bucket.reloadProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("director"));
        assertThat(bucket.head("a")).isPresent();

        write(directory("one"));
        assertThat(bucket.reloadIfChanged()).as("it is in use already").isFalse();
        assertThat(bucket.reloadProblem()).isEmpty();

        write("type: FILESYSTEM");
        assertThat(bucket.reloadIfChanged()).isFalse();
        write(directory("two"));
        assertThat(bucket.reloadIfChanged()).isTrue();
        assertThat(bucket.reloadProblem()).isEmpty();
    }

    @Test
    void aFileThatIsGoneKeepsTheOldBucket() throws Exception {
        Files.delete(file);

        assertThat(bucket.reloadIfChanged()).isFalse();
        assertThat(bucket.reloadProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("no such file"));
        bucket.put("a", Body.of("1".getBytes(UTF_8)));
    }

    /// The way of a Kubernetes secret: the file is a link through a link to a directory that is replaced.
    @Test
    void aLinkThatPointsElsewhereNowIsSeen() throws Exception {
        Path old = Files.createDirectory(dir.resolve("..v1"));
        Path next = Files.createDirectory(dir.resolve("..v2"));
        write(old.resolve("s.yml"), directory("one"));
        write(next.resolve("s.yml"), directory("two"));
        Path data = Files.createSymbolicLink(dir.resolve("..data"), old);
        Path link = Files.createSymbolicLink(dir.resolve("s.yml"), data.resolve("s.yml"));
        try (ReloadingBucket mounted = open(link)) {
            Files.delete(data);
            Files.createSymbolicLink(data, next);

            assertThat(mounted.reloadIfChanged()).isTrue();
            assertThat(mounted.location()).endsWith("two");
        }
    }

    @Test
    void whatWasLearntStaysWithTheStoreItIsTrueOf() throws Exception {
        Capabilities learnt = new Capabilities(Support.NO, Support.YES, Support.NO);
        write(s3("b", "old", ""));
        assertThat(bucket.reloadIfChanged()).isTrue();
        bucket.learn(learnt);

        write(s3("b", "new", ""));
        assertThat(bucket.reloadIfChanged()).isTrue();
        assertThat(bucket.capabilities()).isEqualTo(learnt);

        write(s3("another", "new", ""));
        assertThat(bucket.reloadIfChanged()).isTrue();
        assertThat(bucket.capabilities()).isEqualTo(Capabilities.UNKNOWN);
    }

    @Test
    void aCertificateThatChangesOrComesLateIsSeenToo() throws Exception {
        Path ca = dir.resolve("ca.pem");
        write(s3("b", "t", ", http_config: {tls_config: {ca_file: \"" + ca + "\"}}"));
        assertThat(bucket.reloadIfChanged()).as("there is no such file yet").isFalse();
        assertThat(bucket.reloadProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("ca.pem"));

        write(ca, "no certificate");
        assertThat(bucket.reloadIfChanged()).isFalse();
        assertThat(bucket.reloadProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("ca.pem"));
        assertThat(bucket.location()).endsWith("one");
    }

    @Test
    void theMetersGoOnCountingUnderTheNameOfTheStart() throws Exception {
        bucket.put("a", Body.of("1".getBytes(UTF_8)));
        write(directory("two"));
        assertThat(bucket.reloadIfChanged()).isTrue();
        bucket.put("a", Body.of("1".getBytes(UTF_8)));

        assertThat(metrics.scrape())
                .contains("thanos_objstore_bucket_operations_total{bucket=\"fs: %s\",operation=\"upload\"} 2.0"
                        .formatted(dir.resolve("one")));
    }

    @Test
    void keysThatStandInAnotherFileAreNotReadAgain() throws Exception {
        ObjstoreConfig inline = ObjstoreConfig.parse("agent.yaml", directory("inline"));
        try (ReloadingBucket fixed = ReloadingBucket.open(
                new ObjstoreConfig.Source(Optional.empty(), inline),
                metrics.registry(),
                Link.UNWATCHED,
                StoreClock.system())) {
            assertThat(fixed.reloadIfChanged()).isFalse();
        }
    }

    @Test
    void aFileThatIsBrokenAtTheStartIsAnError() throws Exception {
        ObjstoreConfig.Source source = new ObjstoreConfig.Source(Optional.of(file), ObjstoreConfig.read(file));
        write("type: FILESYSTEM");

        assertThatThrownBy(() -> ReloadingBucket.open(source, metrics.registry(), Link.UNWATCHED, StoreClock.system()))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void noCallFailsBecauseOfASwitch() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> workers = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                String key = "key-" + worker;
                workers.add(threads.submit(() -> useUntil(done, key)));
            }
            for (int round = 0; round < 40; round++) {
                write(directory(round % 2 == 0 ? "two" : "one"));
                assertThat(bucket.reloadIfChanged()).as("round %d", round).isTrue();
            }
            done.set(true);
            for (Future<Integer> worker : workers) {
                assertThat(worker.get()).isPositive();
            }
        }
    }

    private int useUntil(AtomicBoolean done, String key) throws IOException {
        int calls = 0;
        do {
            bucket.put(key, Body.of(key.getBytes(UTF_8)));
            bucket.head(key);
            calls++;
        } while (!done.get());
        return calls;
    }
}
