package io.edgeship.compact.intake;

import static io.edgeship.fleet.BucketFolder.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.v1.Heartbeat;
import io.edgeship.block.message.v1.Receipt.Verdict;
import io.edgeship.fleet.AgentsAlive;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketSync;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.FleetTable;
import io.edgeship.fleet.Freshness;
import io.edgeship.fleet.SiteFreshness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two boxes under one site's name: their data is never merged silently.
class AgentsAliveTest {
    private static final String ELDER = "01d";
    private static final Duration FRESH = Duration.ofMinutes(1);

    @SuppressWarnings("NullAway.Init")
    private InboxFolder inbox;

    private final TestItem item = TestItem.random(A, new Random(6), 300);

    @BeforeEach
    void inbox() throws Exception {
        inbox = new InboxFolder();
        item.put(inbox.folder);
    }

    @Test
    void whatTheLaterOneSendsIsHeldUntilTheElderHasBeenSilentForADay() throws Exception {
        heartbeat(ELDER, Duration.ofDays(30), FRESH);
        heartbeat(TestItem.INCARNATION, Duration.ofDays(1), FRESH);

        IntakeResult result = inbox.run();

        assertThat(result.held()).isEqualTo(1);
        assertThat(inbox.receipt(item).getVerdict()).isEqualTo(Verdict.VERDICT_UNSPECIFIED);
        assertThat(inbox.inbox()).hasSize(item.pieces.size() + 1);
        assertThat(site(Instant.now()).agentsAlive()).isEqualTo(2);
        assertThat(FleetTable.print(List.of(site(Instant.now())), Instant.now()))
                .contains("2 AGENTS ALIVE AT ONCE");

        Instant later = Instant.now().plus(AgentsAlive.SILENT_AFTER);
        heartbeat(TestItem.INCARNATION, Duration.ofDays(1), Duration.ofDays(-1));
        assertThat(site(later).agentsAlive()).isEqualTo(1);
        assertThat(inbox.runAt(later).accepted()).isEqualTo(1);
    }

    @Test
    void whatTheElderSendsIsTaken() throws Exception {
        heartbeat(ELDER, Duration.ofHours(1), FRESH);
        heartbeat(TestItem.INCARNATION, Duration.ofDays(30), FRESH);

        assertThat(inbox.run().accepted()).isEqualTo(1);
        assertThat(site(Instant.now()).agentsAlive()).isEqualTo(2);
    }

    @Test
    void theSpoolsOfOneAgentAreOneAgent() throws Exception {
        heartbeat(ELDER, Duration.ofDays(30), FRESH);
        heartbeat(TestItem.INCARNATION, Duration.ofDays(1), FRESH, ELDER, TestItem.INCARNATION);

        assertThat(site(Instant.now()).agentsAlive()).isEqualTo(1);
        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void aBoxThatWasSetUpAnewIsNoSecondAgent() throws Exception {
        heartbeat(ELDER, Duration.ofDays(30), Duration.ofHours(5));
        heartbeat(TestItem.INCARNATION, Duration.ofHours(4), FRESH);

        assertThat(site(Instant.now()).agentsAlive()).isEqualTo(1);
        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void aSpoolWhoseBeginningIsNotKnownIsNotJudged() throws Exception {
        heartbeat(ELDER, Duration.ofDays(30), FRESH);
        inbox.folder.heartbeat(BucketFolder.heartbeat("a").build(), FRESH);

        assertThat(site(Instant.now()).agentsAlive()).isEqualTo(1);
        assertThat(inbox.run().accepted()).isEqualTo(1);
    }

    @Test
    void aSilentSiteHasNoAgentAlive() throws Exception {
        heartbeat(ELDER, Duration.ofDays(30), Duration.ofDays(2));

        assertThat(site(Instant.now()).agentsAlive()).isZero();
    }

    private SiteFreshness site(Instant now) throws Exception {
        BucketView view = new BucketSync(inbox.folder.open()).sync();
        return Freshness.of(view, "site", now).getFirst();
    }

    private void heartbeat(String incarnation, Duration began, Duration age, String... agent) throws Exception {
        inbox.folder.heartbeat(
                message(incarnation, began)
                        .addAllAgentIncarnations(List.of(agent))
                        .build(),
                age);
    }

    private static Heartbeat.Builder message(String incarnation, Duration began) {
        return BucketFolder.heartbeat("a")
                .setIncarnation(incarnation)
                .setBeganAtMs(Instant.now().minus(began).toEpochMilli());
    }
}
