package io.edgeship.ship.loki;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a site's Loki was asked to delete is told to the centre, with what does the same there.
class DeleteRequestsTest {
    @TempDir
    Path dir;

    private LokiSite site;
    private DeletingLoki loki;

    @BeforeEach
    void open() throws IOException {
        site = new LokiSite(dir);
        loki = new DeletingLoki();
        site.url = Optional.of(loki.url());
        Files.createDirectories(site.root.resolve("acme"));
    }

    @AfterEach
    void close() {
        loki.close();
    }

    @Test
    void theCentreIsToldWhatDoesTheSameThere() throws IOException {
        loki.asked("{app=\"pump\"}", "received");
        try (LokiSource source = site.open()) {
            source.scan();
            JsonObject told = told(source);
            assertThat(told.requiredText("tenant")).isEqualTo("fleet");
            assertThat(told.requiredText("query")).isEqualTo("{site=\"shop-7\", app=\"pump\"} |= `secret`");
            assertThat(told.requiredText("site_tenant")).isEqualTo("acme");
            assertThat(told.requiredText("site_query")).isEqualTo("{app=\"pump\"} |= `secret`");
            assertThat(told.requiredText("status")).isEqualTo("received");
            assertThat(told.requiredText("created_at")).isEqualTo("2026-11-22T12:00:00.500Z");
        }
    }

    @Test
    void aQueryForALabelThatIsChangedOnTheWayIsLeftToPeople() throws IOException {
        loki.asked("{site=\"kitchen\"}", "processed");
        try (LokiSource source = site.open()) {
            source.scan();
            assertThat(told(source).has("query")).isFalse();
            assertThat(told(source).requiredText("by_hand")).contains("label site");
        }
    }

    @Test
    void whereTenantsBecomeOneNoRequestMustReachTheOthersLines() throws IOException {
        loki.asked("{app=\"pump\"}", "processed");
        Files.createDirectories(site.root.resolve("beta"));
        try (LokiSource source = site.open()) {
            source.scan();
            assertThat(told(source).has("query")).isFalse();
            assertThat(told(source).requiredText("by_hand")).contains("tenants apart");
        }
        site.tenants = new Tenants(Tenants.Mode.SITE, "fleet", "site", LokiSite.SITE);
        try (LokiSource source = site.open()) {
            assertThat(told(source).requiredText("tenant")).isEqualTo("shop-7.acme");
            assertThat(told(source).requiredText("query")).isEqualTo("{app=\"pump\"} |= `secret`");
        }
    }

    @Test
    void whatLokiNoLongerListsIsRememberedAndGoneIfItWasNeverCarriedOut() throws IOException {
        for (String status : List.of("received", "processed")) {
            loki.asked("{app=\"pump\"}", status);
            try (LokiSource source = site.open()) {
                source.scan();
            }
            loki.forgets();
            try (LokiSource source = site.open()) {
                source.scan();
                assertThat(told(source).requiredText("status"))
                        .isEqualTo(status.equals("received") ? "gone" : "processed");
            }
        }
    }

    @Test
    void lokiIsAskedAgainAfterTenMinutes() throws IOException {
        try (LokiSource source = site.open()) {
            source.scan();
            loki.asked("{app=\"pump\"}", "received");
            source.scan();
            assertThat(source.deleteRequests()).isZero();
            site.nanos += Duration.ofMinutes(11).toNanos();
            source.scan();
            assertThat(source.deleteRequests()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatIsNoneChangesNothing() throws IOException {
        loki.asked("{app=\"pump\"}", "processed");
        try (LokiSource source = site.open()) {
            source.scan();
            for (String answer :
                    List.of("", "{", "[{\"request_id\":7}]", "[{\"request_id\":\"x\",\"start_time\":1e99}]")) {
                loki.answers(answer);
                site.nanos += Duration.ofMinutes(11).toNanos();
                assertThat(source.scan()).as(answer).isEmpty();
                assertThat(source.deleteRequests()).as(answer).isEqualTo(1);
            }
        }
    }

    private static JsonObject told(LokiSource source) throws IOException {
        byte[] lines = source.deleteRequestsForTheCentre().orElseThrow();
        List<String> all = new String(lines, StandardCharsets.UTF_8).lines().toList();
        assertThat(all).hasSize(1);
        return JsonObject.parse("told", all.getFirst().getBytes(StandardCharsets.UTF_8));
    }
}
