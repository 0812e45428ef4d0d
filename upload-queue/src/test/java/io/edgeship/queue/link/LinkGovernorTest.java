package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.BucketException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkGovernorTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final int CHUNK = 64 * KIB;

    private final TestTime time = new TestTime("2026-11-25T12:00:00Z");
    private final MemoryStore store = new MemoryStore();

    private LinkGovernor governor(String link) throws Exception {
        return new LinkGovernor(
                LinkConfigTest.read("link: " + link), "site", time::store, store, time::nanos, time::sleep);
    }

    /// As a bucket does: head, body in steps, reply.
    private void request(LinkGovernor link, long bodyBytes) throws IOException {
        link.admit(bodyBytes);
        link.sent(600);
        for (long left = bodyBytes; left > 0; left -= CHUNK) {
            int bytes = (int) Math.min(CHUNK, left);
            link.pace(bytes);
            link.sent(bytes);
        }
        time.pass(Duration.ofMillis(50));
        link.received(400);
    }

    private static void assertHeldBack(LinkGovernor link, long bodyBytes, String why) {
        assertThatThrownBy(() -> link.admit(bodyBytes))
                .isInstanceOf(BucketException.HeldBack.class)
                .hasMessageContaining(why);
    }

    @Test
    void anOpenLinkHoldsNothingBackAndCounts() throws Exception {
        LinkGovernor link = governor("{}");
        time.known(false);
        long begun = time.nanos();

        request(link, 10 * MIB);

        assertThat(time.nanos() - begun).isEqualTo(50_000_000);
        assertThat(link.sentBytes()).isEqualTo(10 * MIB + 600);
        assertThat(link.receivedBytes()).isEqualTo(400);
        assertThat(link.isOpen()).isTrue();
        assertThat(link.opensAt()).isEmpty();
        time.known(true);
        assertThat(link.status().todayBytes()).isBetween(11_010_048L, 11_020_000L); // 5 % more
    }

    @Test
    void keepsToTheRateWithWhatTheLayersBelowAdd() throws Exception {
        LinkGovernor link = governor("{rate: 64KiB, overhead: 25}");
        long begun = time.nanos();

        request(link, 10 * MIB);

        assertThat((time.nanos() - begun) / 1e9).isBetween(198.0, 200.2); // 12.5 MiB less a burst
    }

    @Test
    void isClosedOutsideOfWindowsAndFinishesWhatIsUnderWay() throws Exception {
        LinkGovernor link =
                governor("{rate: 0, jitter: 0, windows: [{cron: '0 22 * * *', duration: 1h, rate: 64KiB}]}");

        assertHeldBack(link, 0, "no window is open, until 2026-11-25T22:00:00Z");
        assertThat(link.isOpen()).isFalse();
        assertThat(link.opensAt()).contains(Instant.parse("2026-11-25T22:00:00Z"));
        assertThat(link.status().bytesPerSecond()).isZero();

        time.storeSays("2026-11-25T22:59:50Z");
        assertThat(link.isOpen()).isTrue();
        assertThat(link.status().bytesPerSecond()).isEqualTo(64 * KIB);
        request(link, 2 * MIB); // takes 32 s
        assertThat(time.store().orElseThrow()).isAfter(Instant.parse("2026-11-25T23:00:15Z"));
        assertHeldBack(link, 1, "no window is open, until 2026-11-26T22:00:00Z");
    }

    @Test
    void theRateFollowsTheWindowInTheMidstOfABody() throws Exception {
        LinkGovernor link = governor(
                "{rate: 64KiB, overhead: 0, jitter: 0, windows: [{cron: '1 12 * * *', duration: 1h, rate: 1MiB}]}");
        long begun = time.nanos();

        request(link, 60 * 64 * KIB + 60 * MIB);

        assertThat((time.nanos() - begun) / 1e9).isBetween(118.0, 122.0);
    }

    @Test
    void whatIsClosedForEverSaysSo() throws Exception {
        LinkGovernor link = governor("{rate: 0}");
        assertHeldBack(link, 0, "the rate is 0 and no window ever opens");
        assertThat(link.opensAt()).isEmpty();
    }

    @Test
    void onlyOneSmallRequestPassesBeforeTheStoreToldTheTime() throws Exception {
        for (String config :
                new String[] {"{budget: {daily: 10MiB}}", "{rate: 0, windows: [{cron: '0 22 * * *', duration: 1h}]}"}) {
            LinkGovernor link = governor(config);
            time.known(false);

            assertHeldBack(link, 4 * KIB + 1, "the store has not told the time yet");
            assertThat(link.isOpen()).isTrue();
            request(link, 4 * KIB);
            assertThat(link.isOpen()).isFalse();
            assertThat(link.status().reason()).contains("not told the time");
            time.known(true);
        }
    }

    @Test
    void pausesWhereTheBudgetIsUsedUpAndGoesOnTheNextDay() throws Exception {
        LinkGovernor link = governor("{jitter: 0, budget: {daily: 10MiB, monthly: 12MiB}}");
        for (int i = 0; i < 9; i++) {
            request(link, MIB);
        }

        assertHeldBack(link, MIB, "the daily budget of 10.0 MiB is used up: 5");
        assertHeldBack(link, MIB, "until 2026-11-26T00:00:00Z");
        assertThat(link.status().exhausted()).as("for what was refused").isTrue();
        assertThat(link.isOpen()).isFalse();
        assertThat(link.opensAt()).contains(Instant.parse("2026-11-26T00:00:00Z"));
        link.admit(200 * KIB); // less still passes

        time.storeSays("2026-11-26T00:00:00Z");
        assertThat(link.isOpen()).isTrue();
        request(link, MIB);
        assertHeldBack(link, 2 * MIB, "the monthly budget of 12.0 MiB is used up");
        assertThat(link.opensAt()).contains(Instant.parse("2026-12-01T00:00:00Z"));
    }

    @Test
    void aBodyLargerThanTheWholeBudgetIsSaidToNeverPass() throws Exception {
        LinkGovernor link = governor("{budget: {daily: 5MiB}}");

        assertHeldBack(link, 8 * MIB, "the daily budget of 5.00 MiB is less than a request takes: 8.40 MiB");
        link.admit(link(5).largestBodyBytes());
    }

    private static LinkConfig link(int dailyMib) throws Exception {
        return LinkConfigTest.read("link: {budget: {daily: %dMiB}}".formatted(dailyMib));
    }

    @Test
    void aHeartbeatAnHourPassesThoughTheBudgetIsUsedUp() throws Exception {
        LinkGovernor link = governor("{jitter: 0, budget: {daily: 1MiB}}");
        time.storeSays("2026-11-25T00:00:00Z");
        exhaust(link);
        int passed = 0;
        for (int minute = 0; minute < 600; minute++) {
            try {
                request(link, minute % 2 == 0 ? 0 : 16 * KIB);
                passed++;
            } catch (BucketException.HeldBack e) {
                assertThat(e).hasMessageContaining("daily budget");
            }
            assertHeldBack(link, 16 * KIB + 1, "daily budget");
            time.pass(Duration.ofSeconds(60));
        }
        assertThat(passed).as("the first went when the budget was used up").isEqualTo(9);
    }

    private void exhaust(LinkGovernor link) throws IOException {
        long left = MIB;
        for (; left >= KIB && link.status().periods().getFirst().usedBytes() < MIB; left /= 2) {
            try {
                for (int i = 0; i < 100; i++) {
                    request(link, left);
                }
            } catch (BucketException.HeldBack e) {
                if (left <= 16 * KIB) {
                    return;
                }
            }
        }
    }

    @Test
    void theFreshestGoesOnBeyondTheBudgetAndCountsAsOverrun() throws Exception {
        LinkGovernor link = governor("{overhead: 0, budget: {daily: 1MiB, on_exhausted: freshest_only}}");
        request(link, 900 * KIB);
        assertHeldBack(link, MIB / 2, "daily budget");

        boolean open = link.beyondBudget(() -> {
            request(link, MIB);
            return link.isOpen();
        });

        assertThat(open).isTrue();
        assertThat(link.isOpen()).isFalse();
        assertThat(link.status().overrunBytes()).isEqualTo(900 * KIB + 2 * 1000);
        assertHeldBack(link, MIB / 2, "daily budget");
    }

    @Test
    void pauseMeansPauseForTheFreshestToo() throws Exception {
        LinkGovernor link = governor("{budget: {daily: 2MiB}}");
        request(link, MIB);
        assertThatThrownBy(() -> link.beyondBudget(() -> {
                    request(link, MIB);
                    return true;
                }))
                .isInstanceOf(BucketException.HeldBack.class);
    }

    @Test
    void whatCannotBeWrittenDownIsHeldBackAndWhatIsUnderWayIsCounted() throws Exception {
        LinkGovernor link = governor("{overhead: 0, budget: {daily: 10MiB}}");
        link.admit(2 * MIB);
        store.full(true);
        for (int i = 0; i < 32; i++) {
            link.pace(CHUNK);
            link.sent(CHUNK);
        }
        assertHeldBack(link, 1, "the budget's count cannot be kept on disk: no space left");
        store.full(false);
        request(link, 1);
        link.close();

        assertThat(governor("{budget: {daily: 10MiB}}").status().todayBytes()).isEqualTo(2 * MIB + 1001);
    }

    @Test
    void withoutABudgetAFullDiskHoldsNothingBack() throws Exception {
        LinkGovernor link = governor("{}");
        store.full(true);
        request(link, 20 * MIB);
        assertThat(link.sentBytes()).isGreaterThan(20 * MIB);
    }

    /// However often it is killed, over months the bill is what was agreed: no byte more, and nearly all of it used.
    @Test
    void theBillHoldsThroughKillsAndMonths() throws Exception {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            MemoryStore disk = new MemoryStore();
            TestTime clock = new TestTime("2026-01-30T00:00:00Z");
            LinkConfig config = LinkConfigTest.read("link: {jitter: 0, budget: {daily: 20MiB, monthly: 400MiB}}");
            long today = 0;
            long thisMonth = 0;
            LinkGovernor link = new LinkGovernor(config, "site", clock::store, disk, clock::nanos, clock::sleep);
            for (int hour = 0; hour < 24 * 60; hour++) {
                today = hour % 24 == 0 ? 0 : today;
                thisMonth = clock.store().orElseThrow().toString().contains("-01T00") ? 0 : thisMonth;
                for (int i = 0; i < 2; i++) {
                    long body = random.nextInt(MIB);
                    try {
                        link.admit(body);
                    } catch (BucketException.HeldBack e) {
                        break;
                    }
                    for (long left = body; left > 0; left -= CHUNK) {
                        link.pace((int) Math.min(CHUNK, left));
                        link.sent(Math.min(CHUNK, left));
                    }
                    link.received(1000);
                    today += body + 1000;
                    thisMonth += body + 1000;
                }
                assertThat(config.onWire(today))
                        .as("seed %d, hour %d", seed, hour)
                        .isLessThan(20L * MIB + 4000);
                assertThat(config.onWire(thisMonth))
                        .as("month, seed %d, hour %d", seed, hour)
                        .isLessThan(400L * MIB + 4000);
                if (random.nextInt(10) == 0) {
                    link = new LinkGovernor(config, "site", clock::store, disk, clock::nanos, clock::sleep);
                }
                clock.pass(Duration.ofHours(1));
            }
            assertThat(config.onWire(thisMonth)).as("used, seed %d", seed).isGreaterThan(360L * MIB);
        }
    }

    @Test
    void waitsForAStalledBodyAsLongAsTheSystemsBufferTakesOnASlowLink() throws Exception {
        LinkGovernor link = governor("{stall_timeout: 30s}");

        assertThat(link.stallAfter(0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(link.stallAfter(64 * KIB)).isEqualTo(Duration.ofSeconds(30 + 8));
        assertThat(link.stallAfter(1L << 40))
                .as("no more than the system takes in")
                .isEqualTo(link.stallAfter(4 * MIB));

        for (int i = 0; i < 30; i++) {
            link.admit(MIB);
            link.sent(MIB);
            time.pass(Duration.ofSeconds(1));
            link.received(200);
        }
        assertThat(link.stallAfter(MIB)).isBetween(Duration.ofSeconds(34), Duration.ofSeconds(35));
    }

    @Test
    void believesTheFirstBodyMoreThanWhatItHadAssumed() throws Exception {
        LinkGovernor link = governor("{stall_timeout: 2s}");

        link.admit(4 * MIB);
        link.sent(4 * MIB);
        time.pass(Duration.ofSeconds(1));
        link.received(200);

        assertThat(link.stallAfter(4 * MIB)).isEqualTo(Duration.ofSeconds(2 + 4));
    }
}
