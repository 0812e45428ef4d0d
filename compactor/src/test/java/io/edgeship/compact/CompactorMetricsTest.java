package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.compact.logs.LogsFreshness;
import io.edgeship.compact.logs.LogsResult;
import io.edgeship.compact.logs.SiteLogs;
import io.edgeship.compact.mark.DeletionReason;
import io.edgeship.compact.plan.CompactionPlan;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.plan.Stream;
import io.edgeship.compact.retain.Retained;
import io.edgeship.compact.round.RetentionReport;
import io.edgeship.compact.round.RoundReport;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CompactorMetricsTest {
    static Cycle.Result resultOfOneSite() {
        List<BlockId> owed = List.of(BucketFolder.A, BucketFolder.B);
        SiteFreshness site = new SiteFreshness("a", 7_200_000, 1, 9, 2, 5000, 2, 99, owed, 0, 3, 2, 2, 0);
        PartialBlock held = new PartialBlock(BucketFolder.C, PartialBlock.State.HELD, 1, 0, "", "test");
        BucketView view = new BucketView(List.of(), List.of(held), List.of(), Map.of("a", 3), List.of());
        return new Cycle.Result(
                view,
                List.of(site),
                new IntakeResult(List.of(), 6, 7, 8, 9, 10, 11, 12, 13, 14),
                new LogsResult(
                        new IntakeResult(List.of(), 21, 22, 23, 24, 25, 26, 27, 28, 29),
                        30,
                        31,
                        List.of(new LogsFreshness(
                                new SiteLogs("a", 32_000, 33_000, 34, 35, 36, 37, 38),
                                new SiteFreshness("a", 0, 0, 0, 0, 6000, 39, 40, List.of(), 0, 41, 1, 42, 0))),
                        Optional.of("another"),
                        Optional.empty()),
                upkeep(view),
                5);
    }

    @Test
    void showsWhatBecameOfLogs() {
        Metrics registry = new Metrics();

        new CompactorMetrics(registry.registry()).finished(resultOfOneSite());

        assertThat(registry.scrape().lines())
                .contains(
                        "edgeship_logs_accepted_total 21.0",
                        "edgeship_logs_rejected_total 23.0",
                        "edgeship_logs_held_items 25.0",
                        "edgeship_logs_bytes_total 29.0",
                        "edgeship_logs_indexed_chunks_total 30.0",
                        "edgeship_logs_indexes_total 31.0",
                        "edgeship_logs_stopped 0.0",
                        "edgeship_logs_busy 1.0",
                        "edgeship_fleet_site_logs_last_contact_timestamp_seconds{site=\"a\"} 6.0",
                        "edgeship_fleet_site_logs_backlog_segments{site=\"a\"} 39.0",
                        "edgeship_fleet_site_logs_backlog_bytes{site=\"a\"} 40.0",
                        "edgeship_fleet_site_logs_losses{site=\"a\"} 41.0",
                        "edgeship_fleet_site_logs_incarnations_alive{site=\"a\"} 42.0",
                        "edgeship_fleet_site_logs_until_timestamp_seconds{site=\"a\"} 32.0",
                        "edgeship_fleet_site_logs_newest_line_timestamp_seconds{site=\"a\"} 33.0",
                        "edgeship_fleet_site_logs_missing_segments{site=\"a\"} 34.0");
    }

    private static Upkeep.Result upkeep(BucketView view) {
        RoundReport.Done done = new RoundReport.Done(168, 0, List.of(0L, 300_000L, 3_600_000L), true, 70, 30, 2_500);
        RoundReport round = new RoundReport(
                view,
                new Planned(List.of(), List.of(), new TreeMap<>()),
                List.of(done),
                Map.of(BucketFolder.C, "a checksum"),
                Map.of("{site=\"b\"}", "no answer", "{site=\"c\"}", "no answer"),
                Map.of("{site=\"e\"}", "not tried before noon"),
                Map.of("{site=\"d\"}", "another"),
                Map.of("source of compacted block", 168, "outdated block", 2));
        return new Upkeep.Result(
                view,
                Optional.empty(),
                round,
                RetentionReport.NOTHING,
                new Cleaner.Cleaned(Set.of(BucketFolder.A), Set.of(BucketFolder.B), 4));
    }

    @Test
    void showsWhatTheLastCycleFound() {
        Metrics registry = new Metrics();
        CompactorMetrics metrics = new CompactorMetrics(registry.registry());

        metrics.finished(resultOfOneSite());
        metrics.failed();
        metrics.probed(Map.of("checksums", "unknown"));

        assertThat(registry.scrape().lines())
                .contains(
                        "edgeship_compact_cycles_total 1.0",
                        "edgeship_compact_cycle_failures_total 1.0",
                        "edgeship_compact_partial_cleaned_total 1.0",
                        "edgeship_compact_clean_failures_total 4.0",
                        "thanos_compact_blocks_cleaned_total 1.0",
                        "edgeship_compact_partial_blocks 1.0",
                        "edgeship_compact_held_blocks 1.0",
                        "edgeship_compact_young_blocks 5.0",
                        "edgeship_fleet_sites 1.0",
                        "edgeship_fleet_site_data_until_timestamp_seconds{site=\"a\"} 7200.0",
                        "edgeship_fleet_site_last_contact_timestamp_seconds{site=\"a\"} 5.0",
                        "edgeship_fleet_site_gaps{site=\"a\"} 2.0",
                        "edgeship_fleet_site_outstanding_blocks{site=\"a\"} 2.0",
                        "edgeship_intake_accepted_total 6.0",
                        "edgeship_intake_missing_total 7.0",
                        "edgeship_intake_rejected_total 8.0",
                        "edgeship_intake_too_new_total 9.0",
                        "edgeship_intake_held_items 10.0",
                        "edgeship_intake_waiting_items 11.0",
                        "edgeship_intake_orphans_removed_total 12.0",
                        "edgeship_intake_failures_total 13.0",
                        "edgeship_intake_bytes_total 14.0",
                        "edgeship_fleet_site_incarnations_alive{site=\"a\"} 2.0",
                        "edgeship_fleet_site_losses{site=\"a\"} 3.0",
                        "edgeship_compact_store_capability{capability=\"checksums\",support=\"unknown\"} 1.0");
    }

    @Test
    void showsWhatTheLastRoundDidUnderTheNamesOfThanos() {
        Metrics registry = new Metrics();

        new CompactorMetrics(registry.registry()).finished(resultOfOneSite());

        assertThat(registry.scrape().lines())
                .contains(
                        "thanos_compact_halted 0.0",
                        "thanos_compact_group_compactions_total{resolution=\"0\"} 1.0",
                        "thanos_compact_group_compactions_total{resolution=\"300000\"} 0.0",
                        "thanos_compact_group_compaction_runs_started_total 4.0",
                        "thanos_compact_group_compaction_runs_completed_total 1.0",
                        "thanos_compact_group_compactions_failures_total 3.0",
                        "thanos_compact_group_vertical_compactions_total 1.0",
                        "thanos_compact_downsample_total 2.0",
                        "thanos_compact_downsample_failures_total 0.0",
                        "thanos_compact_retries_total 2.0",
                        "thanos_compact_garbage_collected_blocks_total 2.0",
                        marked("deletion-mark.json", "source of compacted block") + " 168.0",
                        marked("deletion-mark.json", "outdated block") + " 2.0",
                        marked("deletion-mark.json", "block exceeding retention") + " 0.0",
                        marked("no-compact-mark.json", "edgeship-broken-block") + " 1.0",
                        marked("no-downsample-mark.json", "edgeship-broken-block") + " 1.0",
                        "edgeship_compact_streams_failed 3.0",
                        "edgeship_compact_streams_put_off 1.0",
                        "edgeship_compact_streams_busy 1.0",
                        "edgeship_compact_refused 0.0",
                        "edgeship_compact_read_bytes_total 70.0",
                        "edgeship_compact_written_bytes_total 30.0",
                        "edgeship_compact_plan_seconds_count 1",
                        "edgeship_compact_plan_seconds_sum 2.5");
    }

    private static String marked(String marker, String reason) {
        return "thanos_compact_blocks_marked_total{marker=\"%s\",reason=\"%s\"}".formatted(marker, reason);
    }

    @Test
    void whatIsLeftIsCountedByWhatIsToBeDoneWithIt() throws Exception {
        BucketBlock block = BucketBlock.committed(meta(BucketFolder.A), 5);
        BucketBlock over = BucketBlock.committed(meta(BucketFolder.B), 5);
        List<CompactionPlan> plans = List.of(plan(List.of(block, over), 0, 300_000), plan(List.of(block), 300_000));
        BucketView view = new BucketView(List.of(block, over), List.of(), List.of(), Map.of(), List.of());
        Retained decided = new Retained(
                List.of(new Retained.Marking(over, new DeletionReason.Expired(Duration.ofDays(1)))),
                List.of(new Retained.Kept(block, 300_000, List.of(), "waits", false)));
        RoundReport round = new RoundReport(
                view,
                new Planned(plans, List.of(), new TreeMap<>()),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
        Metrics registry = new Metrics();
        RoundMetrics metrics = new RoundMetrics(registry.registry());

        RetentionReport busy = new RetentionReport(decided, List.of(), Map.of(), Map.of("{site=\"a\"}", "another"));
        metrics.finished(new Upkeep.Result(view, Optional.empty(), round, busy, Cleaner.Cleaned.NOTHING));

        assertThat(registry.scrape().lines())
                .contains(
                        "thanos_compact_todo_compactions 1.0",
                        "thanos_compact_todo_compaction_blocks 2.0",
                        "thanos_compact_todo_downsample_blocks 1.0",
                        "thanos_compact_todo_deletion_blocks 2.0",
                        "edgeship_compact_kept_blocks 1.0");

        BucketBlock marked = over.withDeletionMark(new BucketBlock.SeenMark(1, "", ""));
        RetentionReport done = new RetentionReport(decided, List.of(marked), Map.of(), Map.of());
        metrics.finished(
                new Upkeep.Result(view.with(List.of(marked)), Optional.empty(), round, done, Cleaner.Cleaned.NOTHING));

        assertThat(registry.scrape().lines())
                .contains(
                        "thanos_compact_todo_deletion_blocks 1.0",
                        marked("deletion-mark.json", "block exceeding retention") + " 1.0");
    }

    private static BlockMeta meta(BlockId id) throws Exception {
        byte[] json = BucketFolder.meta(id, 0, 7_200_000, "a").getBytes(StandardCharsets.UTF_8);
        return BlockMeta.parse("meta.json", json);
    }

    private static CompactionPlan plan(List<BucketBlock> sources, long... resolutions) {
        return new CompactionPlan(
                Stream.of(sources.getFirst(), List.of()),
                sources,
                new TimeRange(0, 7_200_000),
                LongStream.of(resolutions).boxed().toList(),
                sources,
                false,
                new CompactionPlan.Cost(1, 1, 1, 1, 0),
                "test");
    }

    @Test
    void aQuarantinedBlockCountsUntilItsMarkIsTakenBack() throws Exception {
        BucketBlock broken = BucketBlock.committed(meta(BucketFolder.C), 5).withNoCompactMark();
        BucketBlock left = BucketBlock.committed(meta(BucketFolder.A), 5).withNoCompactMark();
        BucketView view = new BucketView(List.of(broken, left), List.of(), List.of(), Map.of(), List.of());
        Metrics registry = new Metrics();
        RoundMetrics metrics = new RoundMetrics(registry.registry());

        metrics.finished(upkeep(view));
        assertThat(registry.scrape().lines())
                .contains("edgeship_compact_quarantined_blocks 1.0", "edgeship_compact_no_compact_blocks 2.0");

        BucketBlock mended = BucketBlock.committed(meta(BucketFolder.C), 5);
        metrics.finished(round(view.with(List.of(mended)), Map.of(), List.of()));
        assertThat(registry.scrape().lines())
                .contains("edgeship_compact_quarantined_blocks 0.0", "edgeship_compact_no_compact_blocks 1.0");
    }

    private static Upkeep.Result round(BucketView view, Map<String, String> failures, List<RoundReport.Done> done) {
        Planned none = new Planned(List.of(), List.of(), new TreeMap<>());
        return new Upkeep.Result(
                view,
                Optional.empty(),
                new RoundReport(view, none, done, Map.of(), failures, Map.of(), Map.of(), Map.of()),
                RetentionReport.NOTHING,
                Cleaner.Cleaned.NOTHING);
    }

    private static Upkeep.Result refused(BucketView view) {
        Upkeep.Result nothing = round(view, Map.of(), List.of());
        return new Upkeep.Result(
                view, Optional.of("Thanos is there"), nothing.round(), nothing.retained(), nothing.cleaned());
    }

    @Test
    void whatWasRefusedIsSaidUntilItNoLongerIs() throws Exception {
        BucketView view = twoStreams();
        Health health = new Health();
        Metrics registry = new Metrics();
        RoundMetrics metrics = new RoundMetrics(registry.registry());

        Readiness.tell(refused(view), health);
        metrics.finished(refused(view));
        assertThat(health.problems()).containsExactly(Map.entry("refused", "Thanos is there"));
        assertThat(Readiness.isGood(refused(view))).isFalse();
        assertThat(registry.scrape()).contains("edgeship_compact_refused 1.0");

        Readiness.tell(round(view, Map.of(), List.of()), health);
        metrics.finished(round(view, Map.of(), List.of()));
        assertThat(health.ready()).isTrue();
        assertThat(registry.scrape()).contains("edgeship_compact_refused 0.0");
    }

    @Test
    void notReadyWhereEachStreamFailsButForOneOfManyThatFails() throws Exception {
        BucketView view = twoStreams();
        RoundReport.Done done = new RoundReport.Done(2, 0, List.of(0L), false, 1, 1, 1);
        Map<String, String> both = Map.of("{site=\"b\"}", "denied", "{site=\"a\"}", "no answer");
        Health health = new Health();

        Readiness.tell(round(view, both, List.of()), health);
        assertThat(health.problems())
                .containsExactly(
                        Map.entry("streams", "each of the 2 streams with work failed: {site=\"a\"}: no answer"));

        for (Upkeep.Result good : List.of(
                round(view, both, List.of(done)),
                round(view, Map.of("{site=\"a\"}", "no answer"), List.of()),
                round(view, Map.of(), List.of()))) {
            Readiness.tell(round(view, both, List.of()), health);
            Readiness.tell(good, health);
            assertThat(health.ready()).as("%s", good.round().failures()).isTrue();
            assertThat(Readiness.isGood(good)).isTrue();
        }
        BucketView alone = view.without(Set.of(BucketFolder.B));
        assertThat(Readiness.isGood(round(alone, Map.of("{site=\"a\"}", "no answer"), List.of())))
                .isFalse();
    }

    private static BucketView twoStreams() throws Exception {
        byte[] other = BucketFolder.meta(BucketFolder.B, 0, 1, "b").getBytes(StandardCharsets.UTF_8);
        return new BucketView(
                List.of(
                        BucketBlock.committed(meta(BucketFolder.A), 5),
                        BucketBlock.committed(BlockMeta.parse("meta.json", other), 5)),
                List.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    @Test
    void aSiteThatIsGoneLeavesTheMetrics() {
        Metrics registry = new Metrics();
        CompactorMetrics metrics = new CompactorMetrics(registry.registry());
        Cycle.Result result = resultOfOneSite();

        metrics.finished(result);
        metrics.finished(
                new Cycle.Result(result.view(), List.of(), result.taken(), LogsResult.NOTHING, result.upkeep(), 0));

        assertThat(registry.scrape()).doesNotContain("site=\"a\"");
    }

    @Test
    void notReadyUntilACycleHasFinishedAndAfterOneThatCouldNot() {
        Health health = new Health();
        CompactorMetrics metrics = new CompactorMetrics(new Metrics().registry());

        CompactCommand.run(CompactorMetricsTest::resultOfOneSite, metrics, health);
        assertThat(health.ready()).isTrue();

        CompactCommand.run(
                () -> {
                    throw new java.io.IOException("the store is down");
                },
                metrics,
                health);
        assertThat(health.problems()).containsEntry("cycle", "the store is down");

        CompactCommand.run(CompactorMetricsTest::resultOfOneSite, metrics, health);
        assertThat(health.ready()).isTrue();
    }

    @Test
    void anErrorOfTheVmIsNeverTakenForAFinishedCycle() {
        Health health = new Health();
        CompactorMetrics metrics = new CompactorMetrics(new Metrics().registry());

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> CompactCommand.run(
                        () -> {
                            throw new OutOfMemoryError("test");
                        },
                        metrics,
                        health))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(health.ready()).isFalse();
    }
}
