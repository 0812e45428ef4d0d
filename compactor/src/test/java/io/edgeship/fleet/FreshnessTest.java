package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static io.edgeship.fleet.BucketFolder.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {
    private static final long HOUR = 3_600_000;

    private final List<BucketBlock> blocks = new ArrayList<>();
    private final List<PartialBlock> partial = new ArrayList<>();
    private final List<SiteReport> reports = new ArrayList<>();

    @Test
    void dataReachesToTheEndOfTheNewestBlockInWhateverOrderTheyCame() throws Exception {
        block("a", 4 * HOUR, 6 * HOUR);
        block("a", 0, 2 * HOUR);
        block("a", 2 * HOUR, 4 * HOUR);
        SiteFreshness inOrder = only();
        Collections.reverse(blocks);

        assertThat(only()).isEqualTo(inOrder);
        assertThat(inOrder.dataUntilMillis()).isEqualTo(6 * HOUR);
        assertThat(inOrder.blocks()).isEqualTo(3);
        assertThat(inOrder.gaps()).isZero();
    }

    @Test
    void overlappingBlocksHaveNoGapBetweenThem() throws Exception {
        block("a", 0, 8 * HOUR); // compacted
        block("a", 2 * HOUR, 4 * HOUR); // one of its sources
        block("a", 8 * HOUR, 10 * HOUR);

        assertThat(only().gaps()).isZero();
    }

    /// A gap is ten minutes at least.
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "599999, 0", "600000, 1", "7200000, 1"})
    void countsHolesFromTenMinutesOn(long holeMillis, int gaps) throws Exception {
        block("a", 0, 2 * HOUR);
        block("a", 2 * HOUR + holeMillis, 4 * HOUR + holeMillis);

        assertThat(only().gaps()).isEqualTo(gaps);
    }

    @Test
    void eachStreamOfASiteHasItsOwnGaps() throws Exception {
        block("a", 0, 2 * HOUR, "replica", "0");
        block("a", 6 * HOUR, 8 * HOUR, "replica", "0");
        block("a", 2 * HOUR, 6 * HOUR, "replica", "1");

        assertThat(only().gaps()).isEqualTo(1);
    }

    @Test
    void theWholeRangeOfTimesOverflowsNothing() throws Exception {
        block("a", Long.MIN_VALUE, Long.MIN_VALUE + 1);
        block("a", Long.MAX_VALUE - 1, Long.MAX_VALUE);

        assertThat(only().gaps()).isEqualTo(1);
        assertThat(only().dataUntilMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(FleetTable.print(List.of(only()), Instant.now())).contains("  in ");
    }

    @Test
    void dataBefore1970CountsAsNone() throws Exception {
        block("a", -4 * HOUR, -2 * HOUR);

        assertThat(only().dataUntilMillis()).isZero();
        assertThat(FleetTable.print(List.of(only()), Instant.now())).contains("never");
    }

    @Test
    void neitherDownsampledNorIncompleteBlocksSayUntilWhenDataIsThere() throws Exception {
        block("a", 0, 2 * HOUR);
        blocks.add(
                new BucketBlock(meta("a", 2 * HOUR, 4 * HOUR, ""), 5, List.of("index"), List.of(), null, false, false));
        BlockMeta fiveMinutes = BlockMeta.parse(
                "test",
                BucketFolder.meta(C, 0, 9 * HOUR, "a")
                        .replace("\"resolution\":0", "\"resolution\":300000")
                        .getBytes(StandardCharsets.UTF_8));
        blocks.add(new BucketBlock(fiveMinutes, 5, List.of(), List.of(), null, false, false));

        assertThat(only().dataUntilMillis()).isEqualTo(2 * HOUR);
        assertThat(only().blocks()).isEqualTo(3);
        assertThat(only().sizeBytes()).isEqualTo(15);
    }

    @Test
    void blocksWithoutAUsableSiteLabelAreUnassigned() throws Exception {
        block("", 0, 2 * HOUR);
        block("x".repeat(SiteFreshness.NAME_CHARS_MAX + 1), 0, 2 * HOUR);
        block("b", 0, 2 * HOUR);
        BlockMeta asPrometheusWroteIt =
                BlockMeta.of(C, new io.edgeship.block.TimeRange(0, HOUR), new BlockMeta.Stats(1, 1, 0, 1, 1, 0));
        blocks.add(new BucketBlock(asPrometheusWroteIt, 5, List.of(), List.of(), null, false, false));

        assertThat(Freshness.of(view(Map.of()), "site", Instant.EPOCH))
                .extracting(SiteFreshness::site, SiteFreshness::blocks)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("b", 1),
                        org.assertj.core.api.Assertions.tuple(SiteFreshness.UNASSIGNED, 3));
        assertThat(Freshness.of(view(Map.of()), "region", Instant.EPOCH))
                .extracting(SiteFreshness::site)
                .containsExactly(SiteFreshness.UNASSIGNED);
    }

    @Test
    void aSiteOwesWhatItReportsAndTheBucketLacks() throws Exception {
        blocks.add(new BucketBlock(meta("a", 0, HOUR, ""), 5, List.of(), List.of(), null, false, false));
        BlockId there = blocks.getFirst().meta().id();
        partial.add(new PartialBlock(B, PartialBlock.State.UPLOAD, 1, 0, "", "test"));
        reports.add(new SiteReport("a", "cafe", 5, true, 3, 99, List.of(there, B, C), 7, 0, Set.of(), 0, "", 0));

        SiteFreshness site =
                Freshness.of(view(Map.of("a", 2)), "site", Instant.EPOCH).getFirst();

        assertThat(site.outstanding()).containsExactly(B, C);
        assertThat(site.underWay()).isEqualTo(1);
        assertThat(site.losses()).isEqualTo(2);
        assertThat(site.backlogItems()).isEqualTo(3);
    }

    @Test
    void aSiteThatHasOnlyReportedOrLostIsThereToo() {
        reports.add(new SiteReport("b", "cafe", 5, true, 0, 0, List.of(), 0, 0, Set.of(), 0, "", 0));

        assertThat(Freshness.of(view(Map.of("a", 1)), "site", Instant.EPOCH))
                .extracting(SiteFreshness::site)
                .containsExactly("a", "b");
    }

    @Test
    void aSpoolThatIsSilentForAWeekWhileAnotherReportsIsLeftOut() {
        long now = Duration.ofDays(100).toMillis();
        reports.add(new SiteReport("a", "current", now, true, 1, 10, List.of(A), 0, 0, Set.of(), 0, "", 0));
        reports.add(new SiteReport(
                "a", "other", now - Freshness.FORMER_AFTER_MILLIS, true, 2, 20, List.of(B), 0, 0, Set.of(), 0, "", 0));
        reports.add(new SiteReport(
                "a",
                "former",
                now - Freshness.FORMER_AFTER_MILLIS - 1,
                true,
                4,
                40,
                List.of(C),
                0,
                0,
                Set.of(),
                0,
                "",
                0));

        SiteFreshness site = only();

        assertThat(site.incarnations()).isEqualTo(2);
        assertThat(site.backlogItems()).isEqualTo(3);
        assertThat(site.outstanding()).containsExactly(A, B);
        assertThat(site.lastContactMillis()).isEqualTo(now);
    }

    @Test
    void absurdBacklogsAddUpToTheMostThereCanBe() {
        reports.add(
                new SiteReport("a", "x", 5, true, Long.MAX_VALUE, Long.MAX_VALUE, List.of(), 0, 0, Set.of(), 0, "", 0));
        reports.add(new SiteReport("a", "y", 5, true, 9, 9, List.of(), 0, 0, Set.of(), 0, "", 0));

        assertThat(only().backlogItems()).isEqualTo(Long.MAX_VALUE);
    }

    private SiteFreshness only() {
        List<SiteFreshness> sites = Freshness.of(view(Map.of()), "site", Instant.EPOCH);
        assertThat(sites).hasSize(1);
        return sites.getFirst();
    }

    private BucketView view(Map<String, Integer> losses) {
        return new BucketView(blocks, partial, reports, losses, List.of());
    }

    private void block(String site, long minTime, long maxTime, String... label) throws Exception {
        String more = label.length == 0 ? "" : "\"%s\":\"%s\",".formatted(label[0], label[1]);
        blocks.add(new BucketBlock(meta(site, minTime, maxTime, more), 5, List.of(), List.of(), null, false, false));
    }

    private BlockMeta meta(String site, long minTime, long maxTime, String labels) throws Exception {
        BlockId id = new BlockId(A.high(), blocks.size());
        String json = BucketFolder.meta(id, minTime, maxTime, site).replace("\"labels\":{", "\"labels\":{" + labels);
        return BlockMeta.parse("test", json.getBytes(StandardCharsets.UTF_8));
    }
}
