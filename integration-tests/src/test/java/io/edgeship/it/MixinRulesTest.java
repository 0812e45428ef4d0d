package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.demo.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The alerts of `deploy/mixin` against the metrics of the code, their page, and `promtool`.
class MixinRulesTest {
    private static final Path PAGE = Path.of("..", "docs", "operations", "alerts.md");
    private static final String RUNBOOK = "https://example.net/edgeship/docs/operations/alerts.md#";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern EXPECTED = Pattern.compile("alertname=\"([^\"]+)\"");

    @TempDir
    private Path dir;

    @Test
    void everyRuleReadsMetricsThatTheCodeRegisters() throws Exception {
        Set<String> known = DocumentedMetrics.all();
        assertThat(known).hasSizeGreaterThan(100);
        for (MixinRules.Alert alert : MixinRules.all()) {
            assertThat(DocumentedMetrics.usedIn(alert.expression(), known))
                    .as(alert.name())
                    .isNotEmpty()
                    .isSubsetOf(known);
        }
    }

    @Test
    void everyAlertSaysWhatItIsAndWhereItsRunbookIs() throws Exception {
        for (MixinRules.Alert alert : MixinRules.all()) {
            assertThat(alert.name()).matches("Edgeship[A-Z][A-Za-z]+");
            assertThat(alert.severity()).as(alert.name()).isIn("critical", "warning", "info");
            assertThat(alert.annotations())
                    .as(alert.name())
                    .containsOnlyKeys("summary", "description", "runbook_url")
                    .containsEntry("runbook_url", RUNBOOK + alert.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void thePageHasASectionForEveryAlertAndForNoOther() throws Exception {
        Set<String> sections = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("## Edgeship"))
                .map(line -> line.substring(3))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(sections).isEqualTo(names());
        assertThat(MixinRules.all()).hasSameSizeAs(sections);
    }

    /// With promtool as it is: what fires when, and what must not.
    @Test
    void promtoolFindsThatTheyFireWhenTheyShould() throws Exception {
        Path promtool = Program.promtool();
        for (Path rules : MixinRules.yamlFiles(MixinRules.RULES)) {
            run(promtool, "check", "rules", rules.toString());
        }
        for (Path test : MixinRules.yamlFiles(MixinRules.TESTS)) {
            run(promtool, "test", "rules", test.toString());
        }
    }

    /// And none is left out of them.
    @Test
    void everyAlertFiresInATestAndIsSilentInAnother() throws Exception {
        for (Path test : MixinRules.yamlFiles(MixinRules.TESTS)) {
            String group = String.valueOf(test.getFileName()).replace(".yaml", "");
            Map<String, Integer> fires = new TreeMap<>();
            boolean isSilent = false;
            for (Map<?, ?> scenario : MixinRules.maps(MixinRules.yaml(test), "tests")) {
                for (Map<?, ?> moment : MixinRules.maps(scenario, "promql_expr_test")) {
                    List<Map<?, ?>> expected = MixinRules.maps(moment, "exp_samples");
                    expected.forEach(sample -> EXPECTED.matcher(MixinRules.text(sample, "labels"))
                            .results()
                            .forEach(match -> fires.merge(match.group(1), 1, Integer::sum)));
                    isSilent |= expected.isEmpty()
                            && MixinRules.text(scenario, "name").equals("all is well");
                }
            }
            assertThat(fires.keySet()).as(group).isEqualTo(names(group));
            assertThat(isSilent).as(group + ": all is well").isTrue();
        }
    }

    private void run(Path promtool, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(promtool.toString()));
        command.addAll(List.of(words));
        try (Child child = Child.start("promtool", dir.resolve("log"), command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.output()).isZero();
        }
    }

    private static Set<String> names() throws IOException {
        return MixinRules.all().stream().map(MixinRules.Alert::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String group) throws IOException {
        return MixinRules.all().stream()
                .filter(alert -> alert.group().equals(group))
                .map(MixinRules.Alert::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
