package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import io.edgeship.it.MixinDashboards.Dashboard;
import io.edgeship.it.MixinDashboards.Panel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboards of `deploy/mixin`: what Grafana wants of them, and the metrics of the code.
class MixinDashboardsTest {
    private static final int COLUMNS = 24;
    private static final Set<String> DELAYED = Set.of("agent", "link");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path dir;

    @Test
    void thereIsOneForEachThatPeopleLookAt() throws Exception {
        assertThat(MixinDashboards.all())
                .extracting(Dashboard::name)
                .containsExactly("agent", "compactor", "fleet", "link");
    }

    @Test
    void everyQueryReadsMetricsThatTheCodeRegisters() throws Exception {
        Set<String> known = DocumentedMetrics.all();
        for (Dashboard dashboard : MixinDashboards.all()) {
            for (Panel panel : dashboard.panels()) {
                assertThat(panel.queries()).as(panel.title()).isNotEmpty();
                for (String query : panel.queries()) {
                    assertThat(DocumentedMetrics.usedIn(query, known))
                            .as(panel.title())
                            .isNotEmpty()
                            .isSubsetOf(known);
                    assertThat(query).as("all variables are known").doesNotContain("$");
                }
            }
            for (Map<?, ?> variable : dashboard.variables()) {
                assertThat(DocumentedMetrics.usedIn(String.valueOf(variable.get("definition")), known))
                        .isSubsetOf(known);
            }
        }
    }

    @Test
    void eachIsImportedUnderANameOfItsOwnAndAsksTheChosenDataSource() throws Exception {
        for (Dashboard dashboard : MixinDashboards.all()) {
            Map<?, ?> json = dashboard.json();
            assertThat(json.get("uid")).isEqualTo("edgeship-" + dashboard.name());
            assertThat(json.containsKey("id") && json.get("id") == null)
                    .as("no number, or Grafana looks for a dashboard that it has")
                    .isTrue();
            assertThat(String.valueOf(json.get("title"))).startsWith("Edgeship / ");
            assertThat(String.valueOf(json.get("description"))).endsWith(".");
            assertThat(MixinDashboards.number(json, "schemaVersion")).isEqualTo(39);
            assertThat(dashboard.variables().getFirst().get("name")).isEqualTo("datasource");
            for (Panel panel : dashboard.panels()) {
                List<Map<?, ?>> asking = new ArrayList<>(panel.targets());
                asking.add(panel.json());
                assertThat(asking)
                        .as(panel.title())
                        .allSatisfy(each -> assertThat(
                                        MixinDashboards.map(each, "datasource").get("uid"))
                                .isEqualTo("${datasource}"));
            }
        }
    }

    /// What comes with the sites' own data is hours old: a page that ends now shows nothing at its right end, and
    /// looks as if the site was down.
    @Test
    void whatTravelsWithTheDataIsLookedAtWithDelay() throws Exception {
        for (Dashboard dashboard : MixinDashboards.all()) {
            boolean isDelayed = DELAYED.contains(dashboard.name());
            assertThat(MixinDashboards.map(dashboard.json(), "time").get("to"))
                    .as(dashboard.name())
                    .isEqualTo(isDelayed ? "now-3h" : "now");
            assertThat(MixinDashboards.map(dashboard.json(), "timepicker").get("nowDelay"))
                    .as(dashboard.name())
                    .isEqualTo(isDelayed ? "3h" : null);
        }
    }

    @Test
    void everyPanelSaysWhatItShowsAndHasAPlaceOfItsOwn() throws Exception {
        for (Dashboard dashboard : MixinDashboards.all()) {
            Set<Integer> ids = new HashSet<>();
            Set<List<Integer>> cells = new HashSet<>();
            for (Map<?, ?> panel : MixinRules.maps(dashboard.json(), "panels")) {
                assertThat(ids.add(MixinDashboards.number(panel, "id")))
                        .as(panel.toString())
                        .isTrue();
                takePlace(MixinDashboards.map(panel, "gridPos"), cells);
            }
            for (Panel panel : dashboard.panels()) {
                assertThat(String.valueOf(panel.json().get("description")))
                        .as(panel.title())
                        .hasSizeGreaterThan(15)
                        .endsWith(".");
                assertThat(panel.json().get("type")).isIn("stat", "table", "timeseries", "state-timeline");
                assertThat(panel.targets())
                        .as(panel.title())
                        .extracting(target -> target.get("refId"))
                        .doesNotHaveDuplicates();
            }
        }
    }

    private static void takePlace(Map<?, ?> place, Set<List<Integer>> cells) {
        int x = MixinDashboards.number(place, "x");
        int y = MixinDashboards.number(place, "y");
        assertThat(x + MixinDashboards.number(place, "w")).isLessThanOrEqualTo(COLUMNS);
        for (int column = x; column < x + MixinDashboards.number(place, "w"); column++) {
            for (int row = y; row < y + MixinDashboards.number(place, "h"); row++) {
                assertThat(cells.add(List.of(column, row)))
                        .as("overlap: " + place)
                        .isTrue();
            }
        }
    }

    /// By promtool, which looks at rules: each query becomes one.
    @Test
    void prometheusUnderstandsEveryQuery() throws Exception {
        Path promtool = Program.promtool();
        StringBuilder rules = new StringBuilder("groups:\n- name: panels\n  rules:\n");
        int number = 0;
        for (Dashboard dashboard : MixinDashboards.all()) {
            for (Panel panel : dashboard.panels()) {
                for (String query : panel.queries()) {
                    rules.append("  - record: query_%d%n    expr: '%s'%n".formatted(number++, query));
                }
            }
        }
        Path file = Files.writeString(dir.resolve("panels.yaml"), rules);
        List<String> command = List.of(promtool.toString(), "check", "rules", file.toString());
        try (Child child = Child.start("promtool", dir.resolve("log"), command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
            assertThat(child.output()).contains(number + " rules found");
        }
    }
}
