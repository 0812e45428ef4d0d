package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Deadline;
import io.edgeship.it.MixinDashboards.Dashboard;
import io.edgeship.it.MixinDashboards.Panel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus scrapes a real agent, compactor and fleet server while they ship its own blocks: every panel of
/// the dashboards and every selector of the alerts finds data there.
class MixinIT {
    /// With a sample, and therefore by its name and labels; what it is worth decides when an alert fires.
    private static final Pattern SELECTOR = Pattern.compile("\\bedgeship_[a-z0-9_]+(?:\\{[^}]*})?");

    /// Counters and gauges of what goes wrong are there before anything did.
    private static final List<String> ZERO = List.of(
            "edgeship_compact_cycle_failures_total",
            "edgeship_compact_refused",
            "edgeship_compact_streams_failed",
            "edgeship_fleet_incomplete_blocks",
            "edgeship_fleet_no_compact_blocks",
            "edgeship_fleet_site_logs_losses",
            "edgeship_fleet_site_logs_missing_segments",
            "edgeship_fleet_site_losses",
            "edgeship_fleet_sync_failures_total",
            "edgeship_intake_rejected_total",
            "edgeship_logs_held_items",
            "edgeship_logs_rejected_total",
            "edgeship_logs_stopped",
            "edgeship_queue_evicted_items_total",
            "edgeship_queue_thinned_items_total",
            "edgeship_seal_rewrite_failures_total",
            "edgeship_ship_loss_records",
            "edgeship_ship_scan_failures_total");

    @TempDir
    private Path dir;

    @Test
    void everyPanelAndEveryAlertFindsDataWhereARealPrometheusScrapedOurPrograms() throws Exception {
        try (ScrapedPrograms programs = ScrapedPrograms.start(dir)) {
            findData(programs, panelQueries());
            findData(programs, alertSelectors());
            for (String metric : ZERO) {
                assertThat(programs.finds(metric + " == 0")).as(metric).isTrue();
                assertThat(programs.finds(metric + " != 0")).as(metric).isFalse();
            }
        }
    }

    private record Query(String name, String text) {}

    private static List<Query> panelQueries() throws IOException {
        List<Query> queries = new ArrayList<>();
        Set<String> passedOver = new TreeSet<>();
        for (Dashboard dashboard : MixinDashboards.all()) {
            for (Panel panel : dashboard.panels()) {
                for (int i = 0; i < panel.queries().size(); i++) {
                    String name = panel.title() + " "
                            + MixinRules.text(panel.targets().get(i), "refId");
                    if (ScrapedPrograms.EMPTY.containsKey(name)) {
                        passedOver.add(name);
                    } else {
                        queries.add(new Query(name, panel.queries().get(i)));
                    }
                }
            }
        }
        assertThat(passedOver).as("each is a panel's").isEqualTo(ScrapedPrograms.EMPTY.keySet());
        return queries;
    }

    private static List<Query> alertSelectors() throws IOException {
        List<Query> selectors = new ArrayList<>();
        for (MixinRules.Alert alert : MixinRules.all()) {
            SELECTOR.matcher(alert.expression())
                    .results()
                    .forEach(match -> selectors.add(new Query(alert.name(), match.group())));
        }
        return selectors;
    }

    /// Each of them within the limit.
    private static void findData(ScrapedPrograms programs, List<Query> queries) throws Exception {
        assertThat(queries).hasSizeGreaterThan(30);
        List<Query> waiting = new ArrayList<>(queries);
        Deadline.in(ScrapedPrograms.LIMIT).reached(() -> {
            for (Query query : List.copyOf(waiting)) {
                if (programs.finds(query.text())) {
                    waiting.remove(query);
                }
            }
            return waiting.isEmpty();
        });
        assertThat(waiting).as("queries that found nothing").isEmpty();
    }
}
