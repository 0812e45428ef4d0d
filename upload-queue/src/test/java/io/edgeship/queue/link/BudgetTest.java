package io.edgeship.queue.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
    private static final long MIB = 1 << 20;
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final MemoryStore store = new MemoryStore();

    private static LinkConfig config(String daily, String monthly, String zone) throws ConfigException {
        return LinkConfigTest.read(
                "link: {overhead: 0, budget: {daily: %s, monthly: %s, zone: %s}}".formatted(daily, monthly, zone));
    }

    private Budget open(LinkConfig config) throws IOException {
        return new Budget(config, Duration.ZERO, store);
    }

    /// As the governor does.
    private static void send(Budget budget, long bytes) throws IOException {
        budget.setAside(bytes);
        budget.count(bytes);
    }

    private static long used(Budget budget) {
        return budget.periods().getFirst().usedBytes();
    }

    @Test
    void refusesWhatIsMoreThanWhatIsLeftAndSaysUntilWhen() throws Exception {
        Budget budget = open(config("10MiB", "100MiB", "UTC"));
        budget.at(NOON);
        send(budget, 9 * MIB);

        assertThat(budget.refusal(MIB - LinkConfig.HEAD_BYTES)).isEmpty();
        assertThat(budget.refusal(MIB))
                .contains(new Budget.Refusal(
                        "the daily budget of 10.0 MiB is used up: 1.00 MiB left",
                        java.util.Optional.of(Instant.parse("2026-11-26T00:00:00Z"))));
        assertThat(budget.refusal(10 * MIB).orElseThrow().until())
                .as("no day has room for it")
                .isEmpty();

        send(budget, MIB);
        budget.at(NOON.plus(1, ChronoUnit.DAYS));
        assertThat(budget.refusal(MIB)).isEmpty();
    }

    @Test
    void aRestartAfterAKillForgetsNothingAndCountsAtMostOneStepTooMuch() throws Exception {
        LinkConfig config = config("100MiB", "2000MiB", "UTC");
        long step = MIB; // 1 % of the smaller
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            MemoryStore disk = new MemoryStore();
            Budget budget = new Budget(config, Duration.ZERO, disk);
            budget.at(NOON);
            long truth = 0;
            long kills = 0;
            for (int i = 0; i < 200; i++) {
                long bytes = 1L + random.nextInt(64 << 10);
                budget.setAside(bytes);
                truth += bytes; // gone, and killed before it is counted
                if (random.nextInt(20) == 0) {
                    kills++;
                    budget = new Budget(config, Duration.ZERO, disk);
                    budget.at(NOON);
                } else {
                    budget.count(bytes);
                }
                assertThat(used(budget)).as("seed %d, at %d", seed, i).isBetween(truth, truth + kills * step);
            }
            assertThat(disk.saves()).as("saves, seed %d", seed).isLessThan((int) (truth / step + 2 * kills + 3));
        }
    }

    @Test
    void aCleanEndCountsToTheByte() throws Exception {
        LinkConfig config = config("100MiB", "2000MiB", "UTC");
        long truth = 0;
        for (int i = 0; i < 50; i++) {
            Budget budget = open(config);
            budget.at(NOON);
            send(budget, 12_345);
            truth += 12_345;
            budget.settle();
        }
        assertThat(used(open(config))).isEqualTo(truth);
    }

    @Test
    void setsAsideNoMoreThanIsLeft() throws Exception {
        LinkConfig config = config("400KiB", "1000MiB", "UTC");
        Budget budget = open(config);
        budget.at(NOON);
        send(budget, 300 << 10);
        send(budget, 50 << 10);

        Budget afterAKill = open(config);
        assertThat(used(afterAKill)).isEqualTo(400 << 10);
    }

    @Test
    void beyondTheBudgetItIsStillWrittenInStepsNotEachTime() throws Exception {
        Budget budget = open(config("1MiB", "1000MiB", "UTC"));
        budget.at(NOON);
        for (int i = 0; i < 160; i++) {
            send(budget, 64 << 10);
        }
        assertThat(used(budget)).isEqualTo(10 * MIB);
        assertThat(budget.periods().getFirst().overrunBytes()).isEqualTo(9 * MIB);
        assertThat(store.saves()).isLessThan(60);
    }

    /// Random traffic and random hops of the clock, against a count by day and month.
    @ParameterizedTest
    @CsvSource({"UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"})
    void countsByTheCalendarOfItsZone(String zone) throws Exception {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            Duration delay = Duration.ofMinutes(random.nextInt(600));
            Budget budget = new Budget(config("1GB", "9GB", zone), delay, new MemoryStore());
            Instant now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(300 * 86_400));
            LocalDate day = LocalDate.MIN;
            long dayBytes = 0;
            YearMonth month = YearMonth.of(1, 1);
            long monthBytes = 0;
            for (int i = 0; i < 400; i++) {
                now = now.plusSeconds(random.nextInt(8) == 0 ? -random.nextInt(90_000) : random.nextInt(40_000));
                LocalDate today = now.minus(delay).atZone(ZoneId.of(zone)).toLocalDate();
                if (today.isAfter(day)) {
                    day = today;
                    dayBytes = 0;
                }
                if (YearMonth.from(today).isAfter(month)) {
                    month = YearMonth.from(today);
                    monthBytes = 0;
                }
                budget.at(now);
                long bytes = random.nextInt(1_000_000);
                send(budget, bytes);
                dayBytes += bytes;
                monthBytes += bytes;
                assertThat(budget.periods())
                        .as("seed %d, step %d", seed, i)
                        .containsExactly(
                                new LinkStatus.Period("day", day.toString(), dayBytes, 1_000_000_000),
                                new LinkStatus.Period("month", month.toString(), monthBytes, 9_000_000_000L));
            }
        }
    }

    @Test
    void aMonthEndsOnItsLastDayLeapDaysIncluded() throws Exception {
        Budget budget = open(config("1GB", "1GB", "Europe/Berlin"));
        budget.at(Instant.parse("2028-02-29T22:59:59Z"));
        send(budget, 5);
        assertThat(budget.periods().getLast().begin()).isEqualTo("2028-02");
        budget.at(Instant.parse("2028-02-29T23:00:00Z"));
        assertThat(budget.periods().getLast()).isEqualTo(new LinkStatus.Period("month", "2028-03", 0, 1_000_000_000));
    }

    @Test
    void aClockThatGoesBackOpensNoDayAgain() throws Exception {
        Budget budget = open(config("1MiB", "1GB", "UTC"));
        budget.at(NOON);
        send(budget, MIB);
        for (int hours = 0; hours < 24 * 40; hours += 5) {
            budget.at(NOON.minus(hours, ChronoUnit.HOURS));
            assertThat(budget.exhausted()).isPresent();
        }
        budget.at(NOON.plus(1, ChronoUnit.DAYS));
        assertThat(budget.exhausted()).isEmpty();
        budget.settle();

        Budget restarted = open(config("1MiB", "1GB", "UTC"));
        restarted.at(NOON);
        assertThat(restarted.periods().getFirst().begin()).isEqualTo("2026-11-26");
        assertThat(restarted.periods().getLast().usedBytes()).isEqualTo(MIB);
    }

    @Test
    void whatWentBeforeTheTimeWasKnownCountsForTheDayThatItIs() throws Exception {
        Budget budget = open(config("1MiB", "1GB", "UTC"));
        send(budget, 1000);
        budget.at(NOON);
        assertThat(used(budget)).isEqualTo(1000);
    }

    @Test
    void aDamagedFileIsABudgetUsedUpWhicheverByteIsWrong() throws Exception {
        LinkConfig config = config("1GB", "9GB", "UTC");
        Budget budget = open(config);
        budget.at(NOON);
        send(budget, 777_777_777);
        budget.settle();
        byte[] whole = store.load().orElseThrow();

        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x01;
            assertNoFreshBudget(config, flipped, "flipped at " + at);
            assertNoFreshBudget(config, Arrays.copyOf(whole, at), "cut at " + at);
        }
        assertNoFreshBudget(config, new byte[4096], "zeroes");
    }

    private static void assertNoFreshBudget(LinkConfig config, byte[] content, String what) throws IOException {
        MemoryStore disk = new MemoryStore();
        disk.put(new String(content, StandardCharsets.ISO_8859_1));
        Budget budget = new Budget(config, Duration.ZERO, disk);
        budget.at(NOON);
        assertThat(used(budget)).as("day, %s", what).isGreaterThanOrEqualTo(777_777_777);
        assertThat(budget.periods().getLast().usedBytes()).as("month, %s", what).isGreaterThanOrEqualTo(777_777_777);
        budget.at(NOON.plus(40, ChronoUnit.DAYS));
        assertThat(used(budget)).as("a month later, %s", what).isZero();
    }

    @Test
    void ofANewerVersionWhatCanBeReadIsRead() throws Exception {
        LinkConfig config = config("1GB", "9GB", "UTC");
        store.put("{\"version\": 2, \"day\": \"2026-11-25\", \"day_bytes\": 5, \"hour\": {}, \"crc32c\": 1}");
        Budget budget = open(config);
        budget.at(NOON);

        assertThat(used(budget)).isEqualTo(5);
        assertThat(budget.periods().getLast().usedBytes()).as("not in it").isEqualTo(9_000_000_000L);
    }

    @Test
    void oneSmallRequestAnHourMayPassEvenAcrossRestarts() throws Exception {
        LinkConfig config = config("1MiB", "1GB", "UTC");
        int passed = 0;
        for (int minute = 0; minute < 600; minute += 7) {
            Budget budget = open(config);
            Instant now = NOON.plus(minute, ChronoUnit.MINUTES);
            budget.at(now);
            passed += budget.mayPassBeyond(now) ? 1 : 0;
            assertThat(budget.mayPassBeyond(now)).isFalse();
        }
        assertThat(passed).isEqualTo(10);
    }

    @Test
    void aDiskThatIsFullIsSaid() throws Exception {
        Budget budget = open(config("1MiB", "1GB", "UTC"));
        budget.at(NOON);
        store.full(true);
        assertThatThrownBy(() -> budget.setAside(1)).hasMessage("no space left");
        store.full(false);
        budget.setAside(1);
        assertThat(store.text()).contains("\"day_bytes\": 262144");
    }
}
