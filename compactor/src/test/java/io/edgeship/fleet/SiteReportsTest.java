package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.bucket.Bucket;
import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.FailingBucket;
import io.edgeship.bucket.FailingBucket.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteReportsTest {
    private static final Duration OLD = Duration.ofHours(49);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private BucketFolder folder;

    @BeforeEach
    void folder() {
        folder = new BucketFolder(dir.resolve("bucket"));
    }

    @Test
    void readsWhatSitesReportAndCountsTheirLosses() throws Exception {
        folder.heartbeat(
                        BucketFolder.heartbeat("a", A)
                                .setSentAtMs(Long.MAX_VALUE) // what it claims
                                .setBacklogItems(-1)
                                .addOutstandingUlids("no ulid")
                                .build(),
                        OLD)
                .put("edgeship/sites/a/cafe/losses/" + B + ".pb", "not read", OLD)
                .put("edgeship/sites/a/beef/losses/" + C + ".pb", "not read", OLD);

        BucketView view = sync(folder.open());

        assertThat(view.reports()).singleElement().satisfies(report -> {
            assertThat(report.outstanding()).containsExactly(A);
            assertThat(report.backlogItems()).isZero();
            assertThat(Instant.ofEpochMilli(report.lastContactMillis()))
                    .isBetween(
                            Instant.now().minus(OLD).minusSeconds(60),
                            Instant.now().minus(OLD));
        });
        assertThat(view.losses()).containsExactly(Map.entry("a", 2));
    }

    @Test
    void aHeartbeatThatIsNotUnderstoodShowsItsContactAndNothingElse() throws Exception {
        Heartbeat good = BucketFolder.heartbeat("a", A).build();
        folder.heartbeat(good, OLD)
                .heartbeat(BucketFolder.heartbeat("b", B).setVersion(2).build(), OLD)
                .put("edgeship/sites/c/cafe/heartbeat.pb", good.toByteArray(), OLD)
                .put("edgeship/sites/d/cafe/heartbeat.pb", "", OLD)
                .put("edgeship/sites/e/cafe/heartbeat.pb", new byte[2 << 20], OLD)
                .put("edgeship/sites/f/cafe/below/heartbeat.pb", good.toByteArray(), OLD);

        assertThat(sync(folder.open()).reports())
                .extracting(
                        SiteReport::site,
                        SiteReport::isUnderstood,
                        report -> report.outstanding().size())
                .containsExactly(
                        tuple("a", true, 1),
                        tuple("b", false, 0),
                        tuple("c", false, 0),
                        tuple("d", false, 0),
                        tuple("e", false, 0));
    }

    @Test
    void aHeartbeatThatGoesBetweenListingAndReadingIsNoReport() throws Exception {
        folder.heartbeat(BucketFolder.heartbeat("a").build(), OLD)
                .heartbeat(BucketFolder.heartbeat("b").build(), OLD);
        Bucket bucket = FailingBucket.when(
                folder.open(),
                call -> call.equals("get edgeship/sites/a/cafe/heartbeat.pb"),
                Moment.BEFORE,
                call -> new BucketException.NotFound(call, null));

        assertThat(sync(bucket).reports()).extracting(SiteReport::site).containsExactly("b");
    }

    @Test
    void whatAHeartbeatSaysOfItsAgentIsKept() throws Exception {
        folder.heartbeat(
                BucketFolder.heartbeat("a")
                        .setBeganAtMs(77)
                        .addAgentIncarnations("cafe")
                        .addAgentIncarnations("beef")
                        .setAwaitingReceipt(3)
                        .setAgentVersion("1.2.3-SNAPSHOT+4")
                        .setClockSkewMs(-5)
                        .build(),
                OLD);

        assertThat(sync(folder.open()).reports())
                .extracting(
                        SiteReport::beganAtMillis,
                        SiteReport::agentIncarnations,
                        SiteReport::awaitingReceipt,
                        SiteReport::agentVersion,
                        SiteReport::clockSkewMillis)
                .containsExactly(tuple(77L, java.util.Set.of("cafe", "beef"), 3L, "1.2.3-SNAPSHOT+4", -5L));
    }

    @Test
    void aVersionThatIsNoneIsNotTakenOver() throws Exception {
        folder.heartbeat(BucketFolder.heartbeat("a").setAgentVersion("1\"}").build(), OLD)
                .heartbeat(
                        BucketFolder.heartbeat("b")
                                .setAgentVersion("1".repeat(65))
                                .build(),
                        OLD);

        assertThat(sync(folder.open()).reports())
                .extracting(SiteReport::agentVersion)
                .containsExactly("", "");
    }

    @Test
    void ofManySpoolsOfOneNameTheNewestCount() throws Exception {
        for (int i = 0; i < SiteReports.INCARNATIONS_MAX + 5; i++) {
            Heartbeat heartbeat = BucketFolder.heartbeat("a")
                    .setIncarnation("%04d".formatted(i))
                    .build();
            folder.heartbeat(heartbeat, Duration.ofMinutes(i));
        }

        assertThat(sync(folder.open()).reports())
                .hasSize(SiteReports.INCARNATIONS_MAX)
                .extracting(SiteReport::incarnation)
                .contains("0000")
                .doesNotContain("%04d".formatted(SiteReports.INCARNATIONS_MAX));
    }

    private static BucketView sync(Bucket bucket) throws Exception {
        return new BucketSync(bucket).sync();
    }
}
