package io.edgeship.compact.retain;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.json.JsonObject;
import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.Matcher;
import io.edgeship.compact.retain.Retained.Kept;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {
    private static final long RAW = 0;
    private static final long M5 = 300_000;
    private static final long H1 = 3_600_000;
    private static final long HOUR = 3_600_000;
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final Periods RAW_WEEK = new Periods(Duration.ofDays(7), Duration.ZERO, Duration.ZERO);
    private static final Periods WEEK = new Periods(Duration.ofDays(7), Duration.ofDays(7), Duration.ofDays(7));

    private int made;

    /// Milliseconds since the end of its time is over.
    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void aBlockGoesOnceItsEndIsOlderThanItsTime(long millis, boolean goes) {
        BucketBlock block = block("a", RAW, endedBefore(Duration.ofDays(7)) - millis, id(1));

        Retained retained = of(rules(WEEK), block);

        assertThat(retained.markings().isEmpty()).isNotEqualTo(goes);
        assertThat(retained.kept()).isEmpty();
    }

    @Test
    void theMarkSaysWhatThanosWouldSay() {
        Retained retained = of(rules(WEEK), block("a", RAW, old(), id(1)));

        assertThat(retained.markings().getFirst().why().details())
                .isEqualTo("block exceeding retention of 168h0m0s (edgeship)");
    }

    @Test
    void zeroIsForEver() {
        assertThat(of(rules(Periods.FOR_EVER), block("a", RAW, 0, id(1)))).isEqualTo(nothing());
        assertThat(of(rules(RAW_WEEK), block("a", M5, 0, id(1)), block("a", H1, 0, id(1))))
                .isEqualTo(nothing());
    }

    @Test
    void rawGoesOnlyOnceEveryCoarserResolutionThatIsKeptHoldsIt() {
        BucketBlock raw = block("a", RAW, old(), id(1), id(2));
        BucketBlock fine = block("a", M5, old(), id(1), id(2));
        BucketBlock coarse = block("a", H1, old(), id(1), id(2), id(3));

        assertThat(of(rules(RAW_WEEK), raw, fine, coarse).markings()).hasSize(1);
        assertThat(onlyKept(of(rules(RAW_WEEK), raw, fine)).resolutionMillis()).isEqualTo(H1);
        assertThat(onlyKept(of(rules(RAW_WEEK), raw, coarse)).resolutionMillis())
                .isEqualTo(M5);
        Kept kept = onlyKept(of(rules(RAW_WEEK), raw, block("a", M5, old(), id(1)), coarse));
        assertThat(kept.missing()).containsExactly(id(2));
        assertThat(kept.why()).isEqualTo("waits for a 5m block that holds its sources " + id(2));
        assertThat(kept.forEver()).isFalse();
    }

    @Test
    void whatACoarserResolutionWouldNotKeepEitherIsNotWaitedFor() {
        Periods periods = new Periods(Duration.ofDays(7), Duration.ofDays(8), Duration.ZERO);
        BucketBlock raw = block("a", RAW, old(), id(1));

        assertThat(onlyKept(of(rules(periods), raw)).resolutionMillis()).isEqualTo(H1);
        assertThat(of(rules(periods), raw, block("a", H1, old(), id(1))).markings())
                .hasSize(1);
        assertThat(of(rules(WEEK), raw).markings()).hasSize(1);
    }

    @Test
    void fiveMinutesGoOnlyOnceOneHourHoldsThem() {
        Periods periods = new Periods(Duration.ZERO, Duration.ofDays(7), Duration.ZERO);
        BucketBlock fine = block("a", M5, old(), id(1));

        assertThat(onlyKept(of(rules(periods), fine)).why()).startsWith("waits for a 1h block");
        assertThat(of(rules(periods), fine, block("a", H1, old(), id(1))).markings())
                .hasSize(1);
    }

    @Test
    void oneHourWaitsForNothing() {
        Periods periods = new Periods(Duration.ZERO, Duration.ZERO, Duration.ofDays(7));

        assertThat(of(rules(periods), block("a", H1, old(), id(1))).markings()).hasSize(1);
    }

    @Test
    void blocksOfOtherLabelsStandForNone() {
        BucketBlock raw = block("a", RAW, old(), id(1));
        Retained retained =
                of(rules(RAW_WEEK), raw, block("b", M5, old(), id(1)), block("b", H1, old(), id(1)));

        assertThat(onlyKept(retained).missing()).containsExactly(id(1));
    }

    @Test
    void labelsOfReplicasAreLeftOut() {
        BucketBlock raw = block(Map.of("site", "a", "replica", "0"), RAW, old(), id(1));
        RetentionRules rules = new RetentionRules(RAW_WEEK, List.of(), true, Set.of("replica"));

        assertThat(of(rules, raw, block("a", M5, old(), id(1)), block("a", H1, old(), id(1)))
                        .markings())
                .hasSize(1);
    }

    @Test
    void whatIsToBeDeletedOrLacksFilesStandsForNone() {
        BucketBlock raw = block("a", RAW, old(), id(1));
        BucketBlock coarse = block("a", H1, old(), id(1));
        BucketBlock fine = block("a", M5, old(), id(1));

        assertThat(onlyKept(of(rules(RAW_WEEK), raw, coarse, marked(fine))).resolutionMillis())
                .isEqualTo(M5);
        assertThat(onlyKept(of(rules(RAW_WEEK), raw, coarse, incomplete(fine))).resolutionMillis())
                .isEqualTo(M5);
    }

    @Test
    void aLineageThatClaimsMoreThanItsTimeStandsForNone() {
        BucketBlock raw = block("a", RAW, old(), id(1));
        long end = old() - 3 * HOUR;

        Kept kept = onlyKept(of(rules(RAW_WEEK), raw, block("a", M5, end, id(1)), block("a", H1, old(), id(1))));

        assertThat(kept.missing()).isEmpty();
        assertThat(kept.why()).isEqualTo("waits for a 5m block that holds all of its time");
    }

    @Test
    void aBlockWithoutSourcesIsItsOwn() {
        BucketBlock raw = block("a", RAW, old());
        assertThat(onlyKept(of(rules(RAW_WEEK), raw, block("a", M5, old(), id(1)), block("a", H1, old(), id(1))))
                        .missing())
                .containsExactly(raw.meta().id());
    }

    @Test
    void whatNobodyWillDownsampleIsKeptAndSaidSo() {
        BucketBlock raw = block("a", RAW, old(), id(1));
        RetentionRules off = new RetentionRules(RAW_WEEK, List.of(), false, Set.of());

        Kept kept = onlyKept(of(off, raw));

        assertThat(kept.forEver()).isTrue();
        assertThat(kept.why())
                .isEqualTo(
                        "kept because the role downsample is off, and 5m is kept longer: its samples would be lost");
        assertThat(onlyKept(of(rules(RAW_WEEK), incomplete(raw))).why()).contains("it lacks files");
        BucketBlock leftOut = new BucketBlock(raw.meta(), 1, List.of(), List.of(), null, false, true);
        assertThat(onlyKept(of(rules(RAW_WEEK), leftOut)).why()).contains("it is marked no-downsample");
    }

    @Test
    void theFirstRuleThatMatchesWins() {
        RetentionRules rules = new RetentionRules(
                Periods.FOR_EVER,
                List.of(
                        new RetentionRules.Rule(Matcher.parse("{site=~\"demo-.*\"}"), WEEK),
                        new RetentionRules.Rule(Matcher.parse("{site=~\".*\"}"), Periods.FOR_EVER),
                        new RetentionRules.Rule(Matcher.parse("{site=\"b\"}"), WEEK)),
                true,
                Set.of());
        BucketBlock demo = block("demo-1", RAW, old(), id(1));

        Retained retained = of(rules, demo, block("b", RAW, old(), id(2)));

        assertThat(retained.markings()).extracting(Retained.Marking::block).containsExactly(demo);
    }

    @Test
    void whatIsNotSelectedIsNotMarkedAndStillStandsForOthers() {
        BucketBlock raw = block("a", RAW, old(), id(1));
        BucketView view = view(raw, block("a", M5, old(), id(1)), block("a", H1, old(), id(1)), block("b", RAW, 0));

        Retained retained = Retention.of(view, NOW, rules(RAW_WEEK), block -> block.equals(raw));

        assertThat(retained.markings()).extracting(Retained.Marking::block).containsExactly(raw);
        assertThat(retained.kept()).isEmpty();
    }

    @Test
    void aMarkedBlockIsNotMarkedAgain() {
        assertThat(of(rules(WEEK), marked(block("a", RAW, old(), id(1))))).isEqualTo(nothing());
    }

    /// What one block claims of itself decides on that block alone.
    @ParameterizedTest
    @CsvSource({
        "-9223372036854775808, -9223372036854775808",
        "-9223372036854775808, 9223372036854775807",
        "9223372036854775807, 9223372036854775807",
        "0, 0"
    })
    void aHostileTimeTouchesNoOtherBlock(long minTime, long maxTime) {
        BucketBlock good = block("a", RAW, old(), id(1));
        BucketBlock young = block("a", RAW, NOW.toEpochMilli(), id(2));
        for (long resolution : new long[] {RAW, M5, H1}) {
            BucketBlock hostile = block(
                    Map.of("site", "a"), resolution, new TimeRange(minTime, maxTime), 1, List.of(id(3), id(2)));

            Retained retained = of(rules(RAW_WEEK), good, young, hostile);

            assertThat(retained.markings()).extracting(Retained.Marking::block).doesNotContain(good, young);
            assertThat(retained.kept()).extracting(Kept::block).contains(good);
        }
    }

    @Test
    void anUnknownResolutionIsKept() {
        assertThat(of(rules(WEEK), block("a", 60_000, old(), id(1)))).isEqualTo(nothing());
    }

    @Test
    void anEmptyBlockWaitsForNothing() {
        BucketBlock empty =
                block(Map.of("site", "a"), RAW, new TimeRange(old() - 2 * HOUR, old()), 0, List.of(id(1)));

        assertThat(of(rules(RAW_WEEK), empty).markings()).hasSize(1);
    }

    /// Whatever is marked, its samples are still held at each coarser resolution, as far as that is kept.
    @Test
    void noSampleIsLostInRandomBuckets() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            List<BucketBlock> blocks = new ArrayList<>();
            for (int i = random.nextInt(1, 30); i > 0; i--) {
                BlockId[] sources = Stream.generate(() -> id(random.nextInt(6)))
                        .limit(random.nextInt(1, 4))
                        .distinct()
                        .toArray(BlockId[]::new);
                long resolution = new long[] {RAW, M5, H1}[random.nextInt(3)];
                long end = NOW.toEpochMilli() - random.nextLong(20) * 24 * HOUR;
                BucketBlock block = block(random.nextBoolean() ? "a" : "b", resolution, end, sources);
                block = random.nextInt(5) == 0 ? marked(block) : block;
                blocks.add(random.nextInt(8) == 0 ? incomplete(block) : block);
            }
            Periods periods = new Periods(days(random), days(random), days(random));
            Retained retained = of(rules(periods), blocks.toArray(BucketBlock[]::new));
            for (Retained.Marking marking : retained.markings()) {
                requireHeld(marking.block(), blocks, periods, "seed " + seed);
            }
        }
    }

    private static Duration days(Random random) {
        return Duration.ofDays(random.nextInt(4) == 0 ? 0 : random.nextInt(1, 15));
    }

    private static void requireHeld(BucketBlock marked, List<BucketBlock> blocks, Periods periods, String when) {
        long age = NOW.toEpochMilli() - marked.meta().range().maxTime();
        for (long coarser : new long[] {M5, H1}) {
            Duration period = coarser == M5 ? periods.fiveMinutes() : periods.oneHour();
            boolean kept = period.isZero() || age <= period.toMillis();
            if (coarser > marked.resolutionMillis() && kept) {
                assertThat(marked.meta().compaction().sources()).as(when).allMatch(source -> blocks.stream()
                        .anyMatch(other -> other.resolutionMillis() == coarser
                                && other.deletionMark() == null
                                && other.isComplete()
                                && other.labels().equals(marked.labels())
                                && other.meta().compaction().sources().contains(source)));
            }
        }
    }

    private static Retained of(RetentionRules rules, BucketBlock... blocks) {
        return Retention.of(view(blocks), NOW, rules, _ -> true);
    }

    private static BucketView view(BucketBlock... blocks) {
        return new BucketView(List.of(blocks), List.of(), List.of(), Map.of(), List.of());
    }

    private static Kept onlyKept(Retained retained) {
        assertThat(retained.markings()).isEmpty();
        assertThat(retained.kept()).hasSize(1);
        return retained.kept().getFirst();
    }

    private static Retained nothing() {
        return new Retained(List.of(), List.of());
    }

    private static RetentionRules rules(Periods periods) {
        return new RetentionRules(periods, List.of(), true, Set.of());
    }

    private static long old() {
        return endedBefore(Duration.ofDays(10));
    }

    private static long endedBefore(Duration age) {
        return NOW.minus(age).toEpochMilli();
    }

    private static BlockId id(int number) {
        return new BlockId(1L << 40, number);
    }

    private BucketBlock block(String site, long resolutionMillis, long maxTime, BlockId... sources) {
        return block(Map.of("site", site), resolutionMillis, maxTime, sources);
    }

    private BucketBlock block(Map<String, String> labels, long resolutionMillis, long maxTime, BlockId... sources) {
        TimeRange range = new TimeRange(maxTime - 2 * HOUR, maxTime);
        return block(labels, resolutionMillis, range, 1, Arrays.asList(sources));
    }

    private BucketBlock block(
            Map<String, String> labels, long resolutionMillis, TimeRange range, long samples, List<BlockId> sources) {
        return new BucketBlock(
                new BlockMeta(
                        new BlockId(2L << 40, made++),
                        range,
                        new BlockMeta.Stats(samples, samples, 0, samples, samples, 0),
                        new BlockMeta.Compaction(1, sources, false, List.of(), false, List.of()),
                        new ThanosMeta(
                                new TreeMap<>(labels),
                                resolutionMillis,
                                "edgeship",
                                List.of(),
                                List.of(),
                                null,
                                JsonObject.empty()),
                        JsonObject.empty()),
                1,
                List.of(),
                List.of(),
                null,
                false,
                false);
    }

    private static BucketBlock marked(BucketBlock block) {
        return new BucketBlock(
                block.meta(),
                1,
                block.missing(),
                List.of(),
                new BucketBlock.SeenMark(1, "etag", "source of compacted block"),
                false,
                false);
    }

    private static BucketBlock incomplete(BucketBlock block) {
        return new BucketBlock(block.meta(), 1, List.of("index"), List.of(), block.deletionMark(), false, false);
    }
}
