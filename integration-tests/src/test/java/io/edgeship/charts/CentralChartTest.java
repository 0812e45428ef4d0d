package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.compact.CompactMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CentralChartTest extends ChartContract {
    CentralChartTest() {
        super("edgeship-central", "objstore: {existingSecret: thanos-objstore}\n");
    }

    @ParameterizedTest
    @CsvSource({"cronjob, 2", "deployment, 2", "fleet, 1", "everything, 2", "logs, 2"})
    void everyPodIsRestrictedAndFound(String name, int pods) {
        Rendering rendering = chart.renderCase(name);
        assertThat(rendering.pods()).hasSize(pods).allSatisfy(ChartCases::isRestricted);
        ChartCases.everySelectorFindsAPod(rendering);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCompactorReadsItsConfiguration(String name) throws IOException {
        String printed = readByTheCompactor(chart.renderCase(name), List.of("compact"));
        assertThat(printed).contains("listen: \":10912\"", "bucket: telemetry");
    }

    @Test
    void everyKeyThatIsSetReachesTheCompactor() throws IOException {
        assertThat(readByTheCompactor(chart.renderCase("everything"), List.of("compact")))
                .contains("memory_budget: 805306368", "5m: 1y", "1h: 0", "max_item_bytes: 17179869184", "parts_max: 7")
                .contains("listen: \":9999\"", "lag_objective: 1d", "overlaps: penalty", "0 */15 * * * ?");
    }

    /// Compactor and fleet server read one file, so both have what it names.
    @Test
    void logsHaveABucketOfTheirOwn() throws IOException {
        Rendering rendering = chart.renderCase("logs");
        assertThat(readByTheCompactor(rendering, List.of("compact")))
                .contains("url: http://loki.monitoring.svc:3100", "logs-objstore/objstore.yml", "office");
        assertThat(rendering.pods())
                .allSatisfy(pod -> assertThat(pod.toString())
                        .contains("mountPath=/etc/edgeship/logs-objstore", "secretName=loki-objstore"));
        assertThat(chart.renderCase("cronjob").text()).doesNotContain("logs");
    }

    /// The words of the containers are such as the commands know; the last one makes `compact` stop after reading.
    @Test
    void theCompactorKnowsTheWordsOfItsContainers() throws IOException {
        for (String name : List.of("cronjob", "deployment", "everything")) {
            Rendering rendering = chart.renderCase(name);
            Map<?, ?> pod = rendering
                    .pods()
                    .filter(each -> "compactor".equals(at(each, "spec", "containers", 0, "name")))
                    .findFirst()
                    .orElseThrow();
            List<String> args = ((List<?>) at(pod, "spec", "containers", 0, "args"))
                    .stream()
                            .map(Object::toString)
                            .filter(word -> !word.startsWith("--config="))
                            .toList();
            assertThat(args.contains("--once")).isEqualTo(!"deployment".equals(name));
            readByTheCompactor(rendering, args);
        }
    }

    private String readByTheCompactor(Rendering rendering, List<String> words) throws IOException {
        Path file = ReadConfig.mounted(dir, rendering, "compactor.yaml");
        Files.createDirectories(dir.resolve("cache"));
        return ReadConfig.printed(CompactMain.COMMANDS, words, file);
    }

    /// The names in `config` are those of the page, which is compared with the code.
    @Test
    void theSchemaHasEveryKeyOfTheCompactorThatIsNotTheCharts() {
        Set<String> wanted = ReadConfig.keysOnPage("compactor");
        wanted.removeIf(key -> key.matches("cache_dir|((logs\\.)?objstore|http|fleet\\.http)(\\..*)?"));
        wanted.add("fleet");
        Set<String> known = new TreeSet<>();
        ReadConfig.keysOf((Map<?, ?>) at(chart.yaml("values.schema.json"), "properties", "config"), "", known);
        known.removeIf(key -> key.startsWith("selector[]")
                || key.startsWith("retention.rules[]")
                || key.startsWith("fleet.sites[]")); // the page tells them in words
        assertThat(known).isEqualTo(wanted).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compactor: {kind: StatefulSet} | at '/compactor/kind': value must be one of 'CronJob', 'Deployment'",
                "compactor: {concurencyPolicy: Forbid} | additional properties 'concurencyPolicy' not allowed",
                "compactor: {backoffLimit: none} | at '/compactor/backoffLimit': got string, want integer",
                "compactor: {startingDeadlineSeconds: 5} | at '/compactor/startingDeadlineSeconds': minimum: got 5, want 10",
                "config: {cache_dir: /x} | at '/config': additional properties 'cache_dir' not allowed",
                "config: {fleet: {http: {}}} | at '/config/fleet': additional properties 'http' not allowed",
                "config: {roles: [compact, eat]} | at '/config/roles/1': value must be one of 'intake', 'logs', 'fleet'",
                "config: {retention: {raw: 90}} | at '/config/retention/raw': got number, want string",
                "fleet: {port: 0} | at '/fleet/port': minimum: got 0, want 1",
                "'' | objstore.existingSecret: is required",
                "objstore: {existingSecret: s}\\nlogs: {objstore: {existingSecret: l}} | config.logs.loki: is required",
                "objstore: {existingSecret: s}\\nconfig: {logs: {loki: {url: 'http://l'}}} | logs.objstore.existingSecret: is",
                "config: {logs: {objstore: {}}} | at '/config/logs': additional properties 'objstore' not allowed",
                "config: {logs: {loki: {url: 'loki:3100'}}} | at '/config/logs/loki/url': 'loki:3100' does not match pattern",
            })
    void whatIsWrongIsSaid(String values, String message) {
        assertThatThrownBy(() -> chart.renderValues(values.replace("\\n", "\n")))
                .hasMessageContaining(message);
    }

    @Test
    void aZeroStaysAZero() {
        Rendering rendering = renderRequiredAnd(
                "compactor: {backoffLimit: 0, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0, "
                        + "ttlSecondsAfterFinished: 0}");
        Map<?, ?> spec = (Map<?, ?>) at(rendering.the("CronJob"), "spec");
        assertThat(at(spec, "successfulJobsHistoryLimit")).isEqualTo(0);
        assertThat(at(spec, "failedJobsHistoryLimit")).isEqualTo(0);
        assertThat(at(spec, "jobTemplate", "spec", "backoffLimit")).isEqualTo(0);
        assertThat(at(spec, "jobTemplate", "spec", "ttlSecondsAfterFinished")).isEqualTo(0);
    }

    @Test
    void aClaimThatIsThereIsNotMadeAgain() {
        String values = "compactor: {cache: {enabled: true, existingClaim: mine}}";
        Rendering rendering = renderRequiredAnd(values);
        assertThat(rendering.ofKind("PersistentVolumeClaim")).isEmpty();
        assertThat(rendering.text()).contains("claimName: \"mine\"");
    }
}
