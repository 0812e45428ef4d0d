package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Deadline;
import io.edgeship.it.MixinDashboards.Dashboard;
import io.edgeship.it.MixinDashboards.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboards in a real Grafana, before the Prometheus of [ScrapedPrograms]: it provisions each as it stands in its
/// file, and answers what a browser would ask for each panel and variable.
class GrafanaIT {
    private static final String DATASOURCE = "edgeship-sites";
    private static final Set<String> AT_THE_CENTRE = Set.of("compactor", "fleet");

    /// Panels' queries that find NaN here, and why that is right.
    private static final Map<String, String> NUMBERLESS = Map.of(
            "agent: Spool and its limit C", "the spool has no limit",
            "link: Opens again A", "the link is open");

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

    @TempDir
    private Path dir;

    @Test
    void everyDashboardIsProvisionedAndEveryPanelFindsItsData() throws Exception {
        Grafana.Installed installed = Grafana.installed();
        try (ScrapedPrograms programs = ScrapedPrograms.start(dir);
                Grafana grafana = installed.start(dir.resolve("grafana"), provisioning(programs.url()), Map.of())) {
            List<Dashboard> provisioned = new ArrayList<>();
            for (Dashboard dashboard : MixinDashboards.all()) {
                provisioned.add(provisioned(grafana, dashboard));
            }
            assertThat(grafana.dashboards()).hasSameSizeAs(provisioned).containsValue("Edgeship");
            for (Dashboard dashboard : provisioned) {
                assertThat(choices(dashboard, "datasource", grafana)).contains(DATASOURCE);
                for (Map<?, ?> variable : dashboard.variables()) {
                    offersChoices(grafana, variable, AT_THE_CENTRE.contains(dashboard.name()));
                }
                everyPanelIsOfAKindThatIsThere(grafana, dashboard);
            }
            findData(grafana, provisioned);
            assertThat(grafana.complaints()).isEmpty();
        }
    }

    /// The quickstart's way to the dashboards, and the fragment's datasource with an address that answers here.
    private Path provisioning(String prometheus) throws IOException {
        Path deploy = MixinRules.MIXIN.resolveSibling(".");
        Path provisioning = dir.resolve("provisioning");
        Map<?, ?> map = MixinRules.yaml(deploy.resolve("fragments/centre/grafana-datasources.yaml"));
        Files.createDirectories(provisioning.resolve("datasources"));
        Files.writeString(
                provisioning.resolve("datasources/edgeship.yaml"),
                MixinRules.text(MixinDashboards.map(map, "data"), "edgeship.yaml")
                        .replace("http://thanos-query.monitoring.svc:9090", prometheus));
        Files.createDirectories(provisioning.resolve("dashboards"));
        Files.writeString(
                provisioning.resolve("dashboards/edgeship.yaml"),
                Files.readString(deploy.resolve("quickstart/grafana/dashboards.yaml"))
                        .replace(
                                "/var/lib/edgeship-dashboards",
                                MixinRules.MIXIN
                                        .resolve("dashboards")
                                        .toAbsolutePath()
                                        .normalize()
                                        .toString()));
        return provisioning;
    }

    /// As Grafana gives it back: what is in the file, but for the numbers that Grafana counts by itself.
    private static Dashboard provisioned(Grafana grafana, Dashboard dashboard)
            throws IOException, InterruptedException {
        String uid = MixinRules.text(dashboard.json(), "uid");
        Map<?, ?> answer = (Map<?, ?>) grafana.get("/api/dashboards/uid/" + uid);
        Map<?, ?> meta = MixinDashboards.map(answer, "meta");
        assertThat(meta.get("provisioned")).as(uid).isEqualTo(true);
        assertThat(meta.get("folderTitle")).as(uid).isEqualTo("Edgeship");
        Map<?, ?> json = MixinDashboards.map(answer, "dashboard");
        assertThat(withoutNumbers(json)).as(uid).isEqualTo(withoutNumbers(dashboard.json()));
        return new Dashboard(dashboard.name(), json);
    }

    private static Map<Object, Object> withoutNumbers(Map<?, ?> dashboard) {
        Map<Object, Object> rest = new HashMap<>(dashboard);
        rest.remove("id");
        rest.remove("version");
        return rest;
    }

    /// The UIDs among which a variable of the type `datasource` lets people choose.
    private static List<String> choices(Dashboard dashboard, String name, Grafana grafana)
            throws IOException, InterruptedException {
        Map<?, ?> variable = dashboard.variables().stream()
                .filter(each -> name.equals(each.get("name")))
                .findFirst()
                .orElseThrow();
        assertThat(variable.get("type")).isEqualTo("datasource");
        return grafana.datasources().entrySet().stream()
                .filter(each -> MixinRules.text(variable, "query")
                        .equals(each.getValue().get("type")))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// What a browser asks before it shows a variable's choices. Beside the agent there is nothing to choose, and "All"
    /// stands for series without a site: a Prometheus does not answer with its own external labels.
    private static void offersChoices(Grafana grafana, Map<?, ?> variable, boolean isAtTheCentre)
            throws IOException, InterruptedException {
        if ("query".equals(variable.get("type"))) {
            Matcher asked = LABEL_VALUES.matcher(MixinRules.text(variable, "definition"));
            assertThat(asked.matches()).as("%s", variable).isTrue();
            Map<?, ?> answer =
                    (Map<?, ?>) grafana.get("/api/datasources/uid/%s/resources/api/v1/label/%s/values?match[]=%s"
                            .formatted(DATASOURCE, asked.group(2), asked.group(1))
                            .replace("[]", "%5B%5D"));
            assertThat(answer.get("status")).as("%s", variable).isEqualTo("success");
            assertThat(List.of().equals(answer.get("data"))).as("%s", variable).isEqualTo(!isAtTheCentre);
        }
    }

    private static void everyPanelIsOfAKindThatIsThere(Grafana grafana, Dashboard dashboard)
            throws IOException, InterruptedException {
        List<Object> kinds = new ArrayList<>();
        for (Object plugin : (List<?>) grafana.get("/api/plugins?type=panel")) {
            kinds.add(((Map<?, ?>) plugin).get("id"));
        }
        for (Panel panel : dashboard.panels()) {
            assertThat(kinds.contains(panel.json().get("type")))
                    .as(panel.title())
                    .isTrue();
        }
    }

    /// Each panel within the limit; none is ever answered with an error.
    private static void findData(Grafana grafana, List<Dashboard> dashboards) throws Exception {
        List<Panel> waiting = new ArrayList<>();
        dashboards.forEach(dashboard -> waiting.addAll(dashboard.panels()));
        assertThat(waiting).hasSizeGreaterThan(60);
        Deadline.in(ScrapedPrograms.LIMIT).reached(() -> {
            for (Panel panel : List.copyOf(waiting)) {
                if (isFull(grafana, panel)) {
                    waiting.remove(panel);
                }
            }
            return waiting.isEmpty();
        });
        assertThat(waiting).extracting(Panel::title).as("panels without data").isEmpty();
    }

    /// Whether every query of the panel is answered with data, but for those that find nothing here.
    private static boolean isFull(Grafana grafana, Panel panel) throws IOException, InterruptedException {
        List<Map<String, Object>> queries =
                panel.targets().stream().map(GrafanaIT::asked).toList();
        Map<?, ?> results = MixinDashboards.map(
                (Map<?, ?>) grafana.post("/api/ds/query", Map.of("from", "now-10m", "to", "now", "queries", queries)),
                "results");
        boolean isFull = true;
        for (Map<String, Object> query : queries) {
            String refId = MixinRules.text(query, "refId");
            Map<?, ?> result = MixinDashboards.map(results, refId);
            assertThat(result.get("error")).as("%s: %s", panel.title(), result).isNull();
            String name = panel.title() + " " + refId;
            isFull &= ScrapedPrograms.EMPTY.containsKey(name)
                    || (NUMBERLESS.containsKey(name) ? hasRows(result) : hasNumbers(result));
        }
        return isFull;
    }

    /// A panel's target as a browser sends it.
    private static Map<String, Object> asked(Map<?, ?> target) {
        Map<String, Object> query = new HashMap<>();
        target.forEach((key, value) -> query.put(key.toString(), value));
        query.put("datasource", Map.of("type", "prometheus", "uid", DATASOURCE));
        query.put("expr", MixinDashboards.chosen(MixinRules.text(target, "expr")));
        query.put("intervalMs", 1000);
        query.put("maxDataPoints", 600);
        return query;
    }

    /// Rows with a number in one; NaN and the infinite come as null.
    private static boolean hasNumbers(Map<?, ?> result) {
        return columns(result)
                .anyMatch(columns -> ((List<?>) columns.getLast()).stream().anyMatch(Objects::nonNull));
    }

    /// Rows at all.
    private static boolean hasRows(Map<?, ?> result) {
        return columns(result).anyMatch(columns -> !((List<?>) columns.getLast()).isEmpty());
    }

    /// The columns of each frame that has some beside the time.
    private static Stream<List<?>> columns(Map<?, ?> result) {
        return MixinRules.maps(result, "frames").stream()
                .<List<?>>map(frame -> (List<?>) Objects.requireNonNull(
                        MixinDashboards.map(frame, "data").get("values")))
                .filter(columns -> columns.size() > 1);
    }
}
