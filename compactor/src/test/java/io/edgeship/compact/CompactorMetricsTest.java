package io.edgeship.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.compact.clean.Cleaner;
import io.edgeship.compact.intake.IntakeResult;
import io.edgeship.compact.plan.Planned;
import io.edgeship.compact.retain.Retained;
import io.edgeship.compact.round.RoundReport;
import io.edgeship.fleet.BucketFolder;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.PartialBlock;
import io.edgeship.fleet.SiteFreshness;
import io.edgeship.runtime.http.Health;
import io.edgeship.runtime.http.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompactorMetricsTest {
    static Cycle.Result resultOfOneSite() {
        List<BlockId> owed = List.of(BucketFolder.A, BucketFolder.B);
        SiteFreshness site = new SiteFreshness("a", 7_200_000, 1, 9, 2, 5000, 2, 99, owed, 0, 3, 2, 2, 0);
        PartialBlock held = new PartialBlock(BucketFolder.C, PartialBlock.State.HELD, 1, 0, "", "test");
        BucketView view = new BucketView(List.of(), List.of(held), List.of(), Map.of("a", 3), List.of());
        return new Cycle.Result(
                view, List.of(site), new IntakeResult(List.of(), 6, 7, 8, 9, 10, 11, 12, 13, 14), upkeep(view), 5);
    }

    private static Upkeep.Result upkeep(BucketView view) {
        RoundReport.Done done = new RoundReport.Done(168, 0, List.of(0L, 300_000L, 3_600_000L), true, 70, 30, 2_500);
        RoundReport round = new RoundReport(
                view,
                new Planned(List.of(), List.of(), new TreeMap<>()),
                List.of(done),
                Map.of(BucketFolder.C, "a checksum"),
                Map.of("{site=\"b\"}", "no answer", "{site=\"c\"}", "no answer"),
                Map.of("{site=\"d\"}", "another"),
                Map.of("source of compacted block", 168, "outdated block", 2));
        return new Upkeep.Result(
                view,
                Optional.empty(),
                round,
                new Retained(List.of(), List.of()),
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
    void aSiteThatIsGoneLeavesTheMetrics() {
        Metrics registry = new Metrics();
        CompactorMetrics metrics = new CompactorMetrics(registry.registry());
        Cycle.Result result = resultOfOneSite();

        metrics.finished(result);
        metrics.finished(new Cycle.Result(result.view(), List.of(), result.taken(), result.upkeep(), 0));

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
