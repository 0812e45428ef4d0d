package io.edgeship.ship;

import static io.edgeship.ship.DataDirectory.A;
import static io.edgeship.ship.DataDirectory.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.SiteMessages;
import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Loss;
import io.edgeship.bucket.RecordingBucket;
import io.edgeship.bucket.StoreClock;
import io.edgeship.bucket.file.FileBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteReportsTest {
    @TempDir
    private Path dir;

    private DataDirectory data;
    private DataDirectory otherData;
    private PrometheusSource source;
    private PrometheusSource other;
    private RecordingBucket bucket;
    private SiteReports reports;

    @BeforeEach
    void open() throws IOException {
        Path store = Files.createDirectories(dir.resolve("bucket"));
        bucket = new RecordingBucket(FileBucket.open(store, ""));
        reports = new SiteReports("it", bucket);
        data = DataDirectory.create(dir.resolve("one"));
        otherData = DataDirectory.create(dir.resolve("two"));
        source = PrometheusSource.open(data.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
        other = PrometheusSource.open(otherData.source(), "site", "it", InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void close() throws IOException {
        source.close();
        other.close();
    }

    @Test
    void eachSpoolHasItsOwnHeartbeatAndNothingIsSentTwice() throws IOException {
        reports.send(lanes(source, other), true);
        assertThat(bucket.keysOf("put")).containsExactly(heartbeat(source), heartbeat(other));
        bucket.clear();
        reports.send(lanes(source, other), true);
        assertThat(bucket.keysOf("put")).isEmpty();
        otherData.cut(A);
        other.scan();
        reports.send(lanes(source, other), true);
        assertThat(bucket.keysOf("put")).containsExactly(heartbeat(other));
    }

    @Test
    void aHeartbeatSaysWhatIsOwedAndUntilWhenNothingIs() throws IOException {
        data.cut(A, B);
        source.scan();
        source.spool().shipped(source.spool().ready().getFirst(), Instant.EPOCH);
        reports.send(lanes(source), true);
        Heartbeat sent = read();
        assertThat(sent.getOutstandingUlidsList()).containsExactly(B.toString());
        assertThat(sent.getBacklogItems()).isEqualTo(1);
        assertThat(sent.getBacklogBytes()).isPositive();
        long owedFrom = source.spool().ready().getFirst().range().minTime();
        assertThat(sent.getDataUntilMs()).isEqualTo(owedFrom);
    }

    /// The store is this machine; what is off is the clock that is compared with it.
    @Test
    void aHeartbeatSaysHowFarTheClockIsOffAndWhenItWasByTheStores() throws IOException {
        StoreClock clock = new StoreClock(InstantSource.fixed(Instant.EPOCH), System::nanoTime);
        bucket = new RecordingBucket(FileBucket.open(dir.resolve("bucket"), "", clock));
        new SiteReports("it", bucket).send(lanes(source), true);
        Heartbeat sent = read();
        assertThat(sent.getSentAtMs())
                .isGreaterThan(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
        assertThat(sent.getClockSkewMs()).isBetween(-sent.getSentAtMs() - 60_000, -sent.getSentAtMs() + 60_000);
    }

    @Test
    void theSameBlockLostInTwoSpoolsIsReportedTwiceAndAChangedRecordAgain() throws IOException {
        lose(source, "first");
        lose(other, "first");
        reports.send(lanes(source, other), true);
        assertThat(bucket.keysOf("put").stream().filter(key -> key.contains("/losses/")))
                .hasSize(2)
                .doesNotHaveDuplicates();
        bucket.clear();
        lose(source, "second");
        reports.send(lanes(source, other), true);
        assertThat(bucket.keysOf("put").stream().filter(key -> key.contains("/losses/")))
                .hasSize(1);
    }

    private List<Lane> lanes(PrometheusSource... sources) {
        return Stream.of(sources)
                .map(one -> new Lane(one, new ScriptedTransport(), true))
                .toList();
    }

    private static void lose(PrometheusSource from, String detail) throws IOException {
        from.spool().recordLoss(from.losses().of(A, null, Loss.Reason.REASON_VANISHED, detail));
    }

    private static String heartbeat(PrometheusSource of) {
        return "edgeship/sites/it/" + of.spool().incarnation() + "/heartbeat.pb";
    }

    private Heartbeat read() throws IOException {
        try (var in = bucket.get(heartbeat(source))) {
            return SiteMessages.heartbeat("it", in.readAllBytes());
        }
    }
}
