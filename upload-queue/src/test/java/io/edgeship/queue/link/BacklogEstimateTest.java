package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.queue.link.BacklogEstimate.Done;
import io.edgeship.queue.link.BacklogEstimate.Never;
import io.edgeship.runtime.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BacklogEstimateTest {
    private static final long MIB = 1 << 20;
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private static BacklogEstimate estimate(long bytes, String link, String kept) throws ConfigException {
        return BacklogEstimate.of(
                bytes,
                LinkConfigTest.read("link: " + link),
                "site",
                NOW,
                MIB,
                kept.isEmpty() ? Optional.empty() : Optional.of(kept.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void goesByTheSpeedOfTheLinkWhereNothingLimitsIt() throws ConfigException {
        Done done = (Done) estimate(3600 * MIB, "{overhead: 0}", "");

        assertThat(done.wireBytes()).isEqualTo(3600 * (MIB + 2048));
        assertThat(Duration.between(NOW, done.doneAt())).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));
        assertThat(done.lines())
                .containsExactly(
                        "to send:       3.52 GiB, 3.52 GiB on the wire",
                        "done:          %s, in 1.0 hours".formatted(done.doneAt()),
                        "busiest day:   3.52 GiB, no budget",
                        "busiest month: 3.52 GiB, no budget");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 seconds", "1, 2 seconds", "115, 116 seconds", "150, 3 minutes", "7200, 2.0 hours"})
    void aShortTimeIsSpelledInMinutesOrSeconds(long mib, String spelled) throws ConfigException {
        assertThat(estimate(mib * MIB, "{overhead: 0}", "").lines().get(1)).endsWith(", in " + spelled);
    }

    @Test
    void usesEachDaysBudgetInItsWindow() throws ConfigException {
        // two hours of 64 KiB/s are 450 MiB; the budget is less
        String link = "{rate: 0, jitter: 0, overhead: 5, budget: {daily: 105MiB, monthly: 2GiB},"
                + " windows: [{cron: '0 2 * * *', duration: 2h, rate: 64KiB}]}";
        Done done = (Done) estimate(350 * MIB, link, "");

        assertThat(done.wireBytes()).isBetween(367 * MIB, 369 * MIB);
        assertThat(done.busiestDayBytes()).isEqualTo(105 * MIB);
        assertThat(done.doneAt())
                .isBetween(Instant.parse("2026-11-29T02:14:00Z"), Instant.parse("2026-11-29T02:15:00Z"));
        assertThat(done.days()).isBetween(3.5, 3.7);
        assertThat(done.busiestMonthBytes()).isEqualTo(done.wireBytes());
        assertThat(done.lines()).contains("busiest day:   105.0 MiB of 105.0 MiB");
    }

    @Test
    void waitsForTheNextMonthAndCountsWhatWasUsedBefore() throws ConfigException {
        String link = "{jitter: 0, overhead: 0, budget: {monthly: 1000MiB}}";
        String kept =
                "{\"version\": 9, \"day\": \"2026-11-24\", \"day_bytes\": 5, \"month\": \"2026-11\", \"month_bytes\": %d}"
                        .formatted(900 * MIB);

        Done done = (Done) estimate(1500 * MIB, link, kept);

        assertThat(done.doneAt())
                .isBetween(Instant.parse("2027-01-01T00:00:00Z"), Instant.parse("2027-01-01T01:00:00Z"));
        assertThat(done.busiestMonthBytes()).isEqualTo(1000 * MIB);
        assertThat(((Done) estimate(50 * MIB, link, kept)).days()).isLessThan(0.01);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{rate: 0}                                | link.rate is 0 and no window ever opens",
                "{budget: {daily: 32KiB}}                 | a budget of 32.0 KiB is less than a piece takes, 69.3 KiB",
                "{rate: 1KiB}                             | would still wait after 10 years; raise rate or budgets",
                "{rate: 0, windows: [{cron: '0 0 29 2 *', duration: 1m}]} | would still wait after 10 years",
            })
    void saysWhyItWillNeverBeDone(String link, String why) throws ConfigException {
        Never never = (Never) estimate(1L << 40, link, "");

        assertThat(never.why()).contains(why);
        assertThat(never.lines().getLast()).startsWith("done:          never: ");
    }

    @Test
    void nothingToSendIsDoneAtOnce() throws ConfigException {
        assertThat(((Done) estimate(0, "{rate: 0}", "")).doneAt()).isEqualTo(NOW);
    }

    /// What was said beforehand is what then happens.
    @Test
    void agreesWithTheGovernor() throws Exception {
        String link = "{rate: 16KiB, jitter: 30m, budget: {daily: 60MiB, monthly: 500MiB, zone: Europe/Berlin},"
                + " windows: [{cron: '30 1 * * MON-FRI', duration: 3h, zone: Europe/Berlin, rate: 64KiB},"
                + " {cron: '0 12 * * *', duration: 4h, rate: 0}]}";
        long bytes = 1200 * MIB;
        Done done = (Done) estimate(bytes, link, "");

        TestTime time = new TestTime(NOW.toString());
        LinkGovernor governor = new LinkGovernor(
                LinkConfigTest.read("link: " + link), "site", time::store, new MemoryStore(), time::nanos, time::sleep);
        for (long sent = 0; sent < bytes; ) {
            try {
                governor.admit(MIB);
                for (int i = 0; i < 16; i++) {
                    governor.pace(64 << 10);
                    governor.sent(64 << 10);
                }
                governor.received(1000);
                sent += MIB;
            } catch (io.edgeship.bucket.BucketException.HeldBack e) {
                Instant opens =
                        governor.opensAt().orElse(time.store().orElseThrow().plusSeconds(60));
                time.pass(Duration.between(time.store().orElseThrow(), opens));
            }
        }
        double days = Duration.between(NOW, time.store().orElseThrow()).toSeconds() / 86_400.0;
        assertThat(days).isGreaterThan(40).isBetween(done.days() - 2, done.days() + 2);
    }
}
