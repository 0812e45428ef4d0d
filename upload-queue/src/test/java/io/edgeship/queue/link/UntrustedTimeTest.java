package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.bucket.BucketException;
import io.edgeship.bucket.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Budgets and windows of a box whose wall clock cannot be relied on (I6).
class UntrustedTimeTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final String CLOSED_AND_USED_UP =
            "{rate: 0, jitter: 0, windows: [{cron: '0 22 * * *', duration: 1h}], budget: {daily: 1MiB}}";

    private final TestTime time = new TestTime("2026-11-25T12:00:00Z");
    private final MemoryStore store = new MemoryStore();
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.EPOCH);
    private final StoreClock clock = new StoreClock(wall::get, time::nanos, Instant.EPOCH);

    private LinkGovernor governor(String link) throws Exception {
        return new LinkGovernor(
                LinkConfigTest.read("link: " + link), "site", clock::now, store, time::nanos, time::sleep);
    }

    private static void send(LinkGovernor link, int bodyBytes) throws Exception {
        link.admit(bodyBytes);
        link.sent(600 + bodyBytes);
    }

    private static boolean passes(LinkGovernor link, int bodyBytes) throws Exception {
        try {
            send(link, bodyBytes);
            return true;
        } catch (BucketException.HeldBack e) {
            return false;
        }
    }

    @Test
    void aJumpOfTheWallClockBeginsNoBudgetAndOpensNoWindow() throws Exception {
        clock.saw(Instant.parse("2026-11-25T12:00:00Z"));
        LinkGovernor link = governor("{jitter: 0, budget: {daily: 2MiB, monthly: 3MiB}}");
        send(link, MIB + 400 * KIB);
        for (String jump : List.of(
                "1970-01-01T00:00:00Z", "2026-11-26T00:00:01Z", "2027-01-01T00:00:00Z", "2099-01-01T00:00:00Z")) {
            wall.set(Instant.parse(jump));
            assertThatThrownBy(() -> link.admit(MIB))
                    .as(jump)
                    .isInstanceOf(BucketException.HeldBack.class)
                    .hasMessageContaining("until 2026-11-26T00:00:00Z");
            link.close();
            assertThatThrownBy(() -> governor("{jitter: 0, budget: {daily: 2MiB, monthly: 3MiB}}")
                            .admit(MIB))
                    .as("nor after a restart at " + jump)
                    .isInstanceOf(BucketException.HeldBack.class);
        }
        time.pass(Duration.ofHours(12)); // the monotonic clock goes on where the store said
        send(link, MIB);
        assertThat(link.status().periods().getFirst().begin()).isEqualTo("2026-11-26");
    }

    @Test
    void afterBootOneSmallRequestPassesOutsideOfWindowsThoughNothingIsLeft() throws Exception {
        clock.saw(Instant.parse("2026-11-25T22:30:00Z"));
        LinkGovernor before = governor(CLOSED_AND_USED_UP);
        send(before, 940 * KIB);
        assertThat(before.status().exhausted()).isTrue();
        before.close();

        StoreClock afterBoot = new StoreClock(wall::get, time::nanos, Instant.EPOCH);
        LinkGovernor link = new LinkGovernor(
                LinkConfigTest.read("link: " + CLOSED_AND_USED_UP),
                "site",
                afterBoot::now,
                store,
                time::nanos,
                time::sleep);
        assertThat(passes(link, 4 * KIB + 1)).isFalse();
        assertThat(passes(link, 4 * KIB)).isTrue();
        assertThat(passes(link, 0)).as("a second").isFalse();
        afterBoot.saw(Instant.parse("2026-11-25T12:00:00Z"));
        assertThat(passes(link, 0))
                .as("the time is known, and the window closed")
                .isFalse();
    }

    @Test
    void whereNoTimeComesBackTheQuestionsGetRare() throws Exception {
        LinkGovernor link = governor("{budget: {daily: 10MiB}}");
        int passed = 0;
        for (int minute = 0; minute < 24 * 60; minute++) {
            for (int again = 0; again < 4; again++) {
                passed += passes(link, 0) ? 1 : 0;
            }
            time.pass(Duration.ofMinutes(1));
        }
        assertThat(passed).as("at 0, 1, 3, 7, 15, 31 minutes, then hourly").isEqualTo(6 + 23);
        assertThat(link.isOpen()).isFalse();
    }

    @Test
    void aTryThatPutNothingOnTheWireIsNotTheOne() throws Exception {
        LinkGovernor link = governor("{budget: {daily: 10MiB}}");
        for (int i = 0; i < 100; i++) {
            link.admit(0); // no route to host
        }
        send(link, 0);
        assertThat(passes(link, 0)).isFalse();
    }

    @Test
    void aLinkThatNothingDependsOnTheTimeForAsksNobody() throws Exception {
        LinkGovernor link = governor("{rate: 1MiB}");
        send(link, MIB);
        send(link, MIB);
        assertThat(link.isOpen()).isTrue();
    }

    @Test
    void theCopyOfTheCountThatIsFurthestOnCounts() throws Exception {
        MemoryStore away = new MemoryStore();
        MemoryStore damaged = new MemoryStore();
        clock.saw(Instant.parse("2026-11-25T12:00:00Z"));
        String config = "{jitter: 0, budget: {daily: 2MiB}}";
        BudgetCopies all = new BudgetCopies(List.of(away, store, new MemoryStore()));
        LinkGovernor first = new LinkGovernor(
                LinkConfigTest.read("link: " + config), "site", clock::now, all, time::nanos, time::sleep);
        send(first, 300 * KIB);
        first.close();
        LinkGovernor second = governor(config); // the other place is not there
        send(second, MIB);
        second.close();
        damaged.put("torn");

        BudgetCopies back = new BudgetCopies(List.of(damaged, away, store));
        LinkGovernor link = new LinkGovernor(
                LinkConfigTest.read("link: " + config), "site", clock::now, back, time::nanos, time::sleep);

        assertThat(link.status().todayBytes()).isBetween(1_300L * KIB, 1_500L * KIB);
        assertThat(new BudgetCopies(List.of(damaged)).load())
                .as("damage alone is seen")
                .isPresent();
        assertThat(new BudgetCopies(List.of(new MemoryStore())).load()).isEmpty();
    }
}
