package io.edgeship.fleet;

import static io.edgeship.fleet.BucketFolder.A;
import static io.edgeship.fleet.BucketFolder.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.tsdb.BlockMeta;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetStatusTest {
    private static final long HOUR = 3_600_000;
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final List<BucketBlock> blocks = new ArrayList<>();
    private final List<SiteReport> reports = new ArrayList<>();
    private final SiteGoals goals = new SiteGoals(Duration.ofHours(6), Duration.ofHours(2), Duration.ofHours(12));
    private Map<String, SiteGoals> named = Map.of();

    /// Ages in minutes: of the data, of the contact; -1 is never.
    @ParameterizedTest
    @CsvSource({
        "360, 120, FRESH",
        "361, 120, LATE",
        "361, 121, DARK",
        "0, 121, DARK",
        "-1, 0, LATE",
        "-1, -1, DARK",
        "360, -1, FRESH",
        "361, -1, DARK",
        "-600, 0, FRESH"
    })
    void aSiteIsFreshLateOrDark(long dataMinutes, long contactMinutes, SiteState state) throws Exception {
        if (dataMinutes != -1) {
            long until = NOW.toEpochMilli() - dataMinutes * 60_000;
            block(A, until - 2 * HOUR, until, "edgeship", "");
        }
        if (contactMinutes >= 0) {
            contact(contactMinutes * 60_000, 0, "1.0", 0);
        }
        named = Map.of("a", goals);

        assertThat(only().state()).isEqualTo(state);
        assertThat(only().lagMillis().isPresent()).isEqualTo(dataMinutes != -1);
    }

    @Test
    void aSiteThatIsNamedIsShownThoughNothingWasEverHeardOfIt() {
        named = Map.of("a", new SiteGoals(Duration.ofDays(3), Duration.ofDays(1), Duration.ofDays(3)));

        assertThat(only().goals().lagObjective()).isEqualTo(Duration.ofDays(3));
        assertThat(only().state()).isEqualTo(SiteState.DARK);
        assertThat(only().coverage()).containsOnly(0.0);
    }

    @Test
    void aSiteThatIsNamedAndShipsOnlyLogsIsNotMissedAmongBlocks() {
        named = Map.of("a", goals);
        assertThat(all(Set.of("a"))).isEmpty();

        contact(0, 0, "1.0", 0);
        assertThat(all(Set.of("a"))).as("with a heartbeat of blocks too").hasSize(1);
    }

    @Test
    void theBacklogIsHeldAgainstWhatCameWithinADay() throws Exception {
        contact(0, 600, "1.0", 0);
        block(A, 0, 1, "edgeship", "2026-11-25T12:00:01Z");
        block(B, 0, 1, "edgeship", "2026-11-25T11:59:59Z");
        block(BucketFolder.C, 0, 1, "compactor", "2026-11-26T11:00:00Z");

        assertThat(only().arrivedDayBytes()).isEqualTo(100);
        assertThat(only().catchUpSeconds()).hasValue(6 * 86_400);
    }

    @Test
    void withoutABacklogThereIsNothingToCatchUpAndWithoutAnythingThatCameNobodyKnows() throws Exception {
        contact(0, 0, "1.0", 0);
        assertThat(only().catchUpSeconds()).hasValue(0);

        reports.clear();
        contact(0, 1, "1.0", 0);
        assertThat(only().catchUpSeconds()).isEmpty();
    }

    @Test
    void versionsAndTheWorstClockOfAllSpoolsAreShown() {
        contact(0, 0, "1.1", 5);
        contact(0, 0, "1.0", -7000);
        contact(0, 0, "", 20);

        assertThat(only().versions()).containsExactly("1.0", "1.1");
        assertThat(only().clockSkewMillis()).isEqualTo(-7000);
    }

    @Test
    void blocksWithoutASiteAreNobodys() throws Exception {
        block(A, 0, HOUR, "edgeship", "");
        BucketView view = new BucketView(blocks, List.of(), List.of(), Map.of(), List.of());
        List<SiteFreshness> fresh = Freshness.of(view, "no_such_label", NOW);

        assertThat(fresh).hasSize(1);
        assertThat(FleetStatus.of(view, fresh, "no_such_label", new FleetGoals(goals, Map.of()), Set.of(), NOW))
                .isEmpty();
    }

    private SiteStatus only() {
        List<SiteStatus> all = all(Set.of());
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<SiteStatus> all(Set<String> elsewhere) {
        BucketView view = new BucketView(blocks, List.of(), reports, Map.of(), List.of());
        List<SiteFreshness> fresh = Freshness.of(view, "site", NOW);
        return FleetStatus.of(view, fresh, "site", new FleetGoals(SiteGoals.DEFAULT, named), elsewhere, NOW);
    }

    private void contact(long agoMillis, long backlogBytes, String version, long skewMillis) {
        reports.add(new SiteReport(
                "a",
                "i" + reports.size(),
                NOW.toEpochMilli() - agoMillis,
                true,
                1,
                backlogBytes,
                List.of(),
                0,
                0,
                Set.of(),
                0,
                version,
                skewMillis));
    }

    private void block(BlockId id, long minTime, long maxTime, String source, String uploaded) throws Exception {
        String json = BucketFolder.meta(id, minTime, maxTime, "a").replace("\"source\":\"edgeship\"", """
                "source":"%s"%s""".formatted(
                        source, uploaded.isEmpty() ? "" : ",\"upload_time\":\"%s\"".formatted(uploaded)));
        BlockMeta meta = BlockMeta.parse("meta.json", json.getBytes(StandardCharsets.UTF_8));
        blocks.add(BucketBlock.committed(meta, 100));
    }
}
