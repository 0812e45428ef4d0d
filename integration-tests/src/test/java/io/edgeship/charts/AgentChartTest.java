package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.edgeship.agent.AgentMain;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentChartTest extends ChartContract {
    AgentChartTest() {
        super(
                "edgeship-agent",
                "site: gh-1\ndata: {existingClaim: data}\nobjstore: {existingSecret: thanos-objstore}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"companion", "companion-prometheus", "companion-loki", "everything"})
    void theCompanionIsRestrictedAndFound(String name) {
        Rendering rendering = chart.renderCase(name);
        assertThat(rendering.pods()).hasSize(1).allSatisfy(ChartCases::isRestricted);
        ChartCases.everySelectorFindsAPod(rendering);
        assertThat(at(rendering.the("Deployment"), "spec", "strategy", "type")).isEqualTo("Recreate");
    }

    @ParameterizedTest
    @CsvSource({
        "sidecar, kube-prometheus-stack.yaml, prometheus.prometheusSpec",
        "sidecar-operator, prometheus-operator.yaml, spec",
    })
    void theSidecarIsAContainerForPrometheusOperator(String name, String file, String path) {
        Rendering rendering = chart.renderCase(name);
        assertThat(rendering.pods()).isEmpty();
        Object spec = at(Chart.parse(rendering.file(file)), (Object[]) path.split("\\."));
        KubernetesModel.check(spec, PrometheusSpec.class);
        Container container = KubernetesModel.check(at(spec, "containers", 0), Container.class);
        List<String> volumes = Stream.concat(
                        ((List<?>) at(spec, "volumes"))
                                .stream()
                                        .map(v -> KubernetesModel.check(v, Volume.class)
                                                .getName()),
                        Stream.of(at(chart.yaml("ci/" + name + "-values.yaml"), "sidecar", "volume")
                                .toString()))
                .toList();
        isLikeTheCompanions("companion", container, volumes);
        assertThat(at(spec, "additionalArgs", 0))
                .isEqualTo(Map.of(
                        "name", "storage.tsdb.delay-compact-file.path", "value", "/prometheus/thanos.shipper.json"));
    }

    @Test
    void theSidecarIsAMapEntryForTheChartPrometheus() {
        Rendering rendering = chart.renderCase("sidecar-prometheus");
        Object server = at(Chart.parse(rendering.file("prometheus.yaml")), "server");
        Map<Object, Object> named = new LinkedHashMap<>(Map.of("name", "edgeship-agent"));
        named.putAll((Map<?, ?>) at(server, "sidecarContainers", "edgeship-agent"));
        List<String> volumes = Stream.concat(
                        ((List<?>) at(server, "extraVolumes"))
                                .stream()
                                        .map(v -> KubernetesModel.check(v, Volume.class)
                                                .getName()),
                        Stream.of("storage-volume"))
                .toList();
        isLikeTheCompanions("companion", KubernetesModel.check(named, Container.class), volumes);
        assertThat(at(server, "extraFlags"))
                .isEqualTo(List.of(
                        "web.enable-lifecycle", "storage.tsdb.delay-compact-file.path=/data/thanos.shipper.json"));
    }

    @Test
    void theSidecarIsAContainerOfLokisChart() {
        Rendering rendering = chart.renderCase("sidecar-loki");
        Object single = at(Chart.parse(rendering.file("loki.yaml")), "singleBinary");
        List<String> volumes = Stream.concat(
                        ((List<?>) at(single, "extraVolumes"))
                                .stream()
                                        .map(v -> KubernetesModel.check(v, Volume.class)
                                                .getName()),
                        Stream.of("storage"))
                .toList();
        Container container = KubernetesModel.check(at(single, "extraContainers", 0), Container.class);
        isLikeTheCompanions("companion-loki", container, volumes);
        assertThat(rendering.text()).doesNotContain("thanos.shipper.json");
    }

    @Test
    void theChunksOfALokiGoIntoTheLogsBucket() throws IOException {
        assertThat(readByTheAgent(chart.renderCase("companion-loki")))
                .contains("type: loki", "path: /var/loki/chunks", "url: http://loki.monitoring.svc:3100");
        Rendering sidecar = chart.renderCase("sidecar-loki");
        assertThat(readByTheAgent(sidecar))
                .contains("http://127.0.0.1:3100", "fleet_tenant: greenhouses", "segment_interval: 1h", "flush: true");
        assertThat(Chart.parse(sidecar.file("agent.yaml")))
                .asInstanceOf(MAP)
                .doesNotContainKey("objstore")
                .containsEntry("logs", Map.of("objstore", Map.of("file", "/etc/edgeship/objstore/objstore.yml")));
    }

    /// All but the data's mount, whose volume Prometheus' chart names.
    private void isLikeTheCompanions(String companionCase, Container container, List<String> volumes) {
        ChartCases.isRestricted(container);
        ChartCases.mountsOnlyWhatIsThere(container, volumes);
        assertThat(container.getReadinessProbe())
                .as("would take Prometheus out of service")
                .isNull();
        Object pod = chart.renderCase(companionCase).pods().findFirst().orElseThrow();
        Container companion = KubernetesModel.check(at(pod, "spec", "containers", 0), Container.class);
        container.getVolumeMounts().removeFirst();
        companion.getVolumeMounts().removeFirst();
        assertThat(container).isEqualTo(companion);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theAgentReadsItsConfiguration(String name) throws IOException {
        String printed = readByTheAgent(chart.renderCase(name));
        Map<?, ?> effective = (Map<?, ?>) Chart.parse(printed.substring(0, printed.indexOf("\n---\n") + 1));
        Map<?, ?> values = chart.yaml("ci/" + name + "-values.yaml");
        assertThat(effective.get("site")).isEqualTo(values.get("site"));
        assertThat(printed).contains("bucket: telemetry");
    }

    @Test
    void everyKeyThatIsSetReachesTheAgent() throws IOException {
        String printed = readByTheAgent(chart.renderCase("everything"));
        assertThat(printed)
                .contains("max_bytes: 8589934592", "monthly: 2000000000", "round: 6", "transport: inbox", "rate: 1MiB")
                .contains("shutdown_grace: 45s", ":10999", "web.yml", "site_label: greenhouse");
    }

    private String readByTheAgent(Rendering rendering) throws IOException {
        return ReadConfig.printed(
                AgentMain.COMMANDS, List.of("agent"), ReadConfig.mounted(dir, rendering, "agent.yaml"));
    }

    /// The names in `source` and `config` are those of the pages, which are compared with the code.
    @Test
    void theSchemaHasEveryKeyOfTheAgentThatIsNotTheCharts() {
        Set<String> wanted = ReadConfig.keysOnPage("agent");
        wanted.addAll(ReadConfig.keysOnPage("link"));
        wanted.removeIf(key -> key.matches("site|sources|sources\\[]\\.path|(objstore|logs|http)(\\..*)?"));
        Set<String> known = new TreeSet<>();
        Map<?, ?> schema = chart.yaml("values.schema.json");
        ReadConfig.keysOf((Map<?, ?>) at(schema, "properties", "source"), "sources[].", known);
        ReadConfig.keysOf((Map<?, ?>) at(schema, "properties", "config"), "", known);
        assertThat(known).isEqualTo(wanted).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: daemonset | at '/mode': value must be one of 'companion', 'sidecar'",
                "bogus: 1 | additional properties 'bogus' not allowed",
                "site: 12 | at '/site': got number, want string",
                "site: Shop | at '/site': 'Shop' does not match pattern",
                "site: abcdefghijklmnopqrstuvwxyz | at '/site': 'not' failed",
                "config: {orderr: oldest_first} | at '/config': additional properties 'orderr' not allowed",
                "config: {objstore: {}} | at '/config': additional properties 'objstore' not allowed",
                "config: {spool: {max_bytes: 8 gigs}} | at '/config/spool/max_bytes': '8 gigs' does not match pattern",
                "config: {link: {jitter: 5 min}} | at '/config/link/jitter': '5 min' does not match pattern",
                "source: {reduce: {round: off}} | at '/source/reduce/round': got boolean, want integer or string",
                "source: {type: tempo} | at '/source/type': value must be one of 'prometheus', 'loki'",
                "source: {drop: ['namespace=a']} | at '/source/drop/0': 'namespace=a' does not match pattern",
                "source: {url: 'prometheus:9090'} | at '/source/url': 'prometheus:9090' does not match pattern",
                "web: {port: '10902'} | at '/web/port': got string, want integer",
                "podMonitor: {enabled: 'true'} | at '/podMonitor/enabled': got string, want boolean",
                "commonLabels: {tier: 1} | at '/commonLabels/tier': got number, want string",
                "image: {digest: abc} | at '/image/digest': 'abc' does not match pattern",
            })
    void theSchemaSaysWhatIsWrong(String values, String message) {
        assertThatThrownBy(() -> chart.renderValues(values)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | site: is required",
                "site: a | objstore.existingSecret: is required",
                "site: a\\nobjstore: {existingSecret: s} | data.existingClaim: is required with mode: companion",
                "site: a\\nobjstore: {existingSecret: s}\\nmode: sidecar | sidecar.volume: is required with mode: sidecar",
                "site: a\\nobjstore: {existingSecret: s}\\nmode: sidecar\\nsidecar: {volume: v, chart: loki} | belong together",
            })
    void whatIsMissingIsNamed(String values, String message) {
        assertThatThrownBy(() -> chart.renderValues(values.replace("\\n", "\n")))
                .hasMessageContaining(message);
    }

    @Test
    void aNumberAsANameStaysAName() {
        Rendering rendering = chart.renderValues(
                "site: '12'\ndata: {existingClaim: '34'}\nobjstore: {existingSecret: '56'}\nnodeSelector: {zone: '7'}\n");
        ChartCases.everyObjectFitsTheModel(rendering);
        assertThat(rendering.file("agent.yaml")).contains("site: \"12\"");
    }

    @Test
    void anAlertCanBeLeftOutByItsName() {
        String all = renderRequiredAnd("prometheusRule: {enabled: true}").text();
        String rule = Pattern.compile("alert: (\\w+)")
                .matcher(all)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(renderRequiredAnd("prometheusRule: {enabled: true, disabledAlerts: [" + rule + "]}")
                        .text())
                .doesNotContain("alert: " + rule)
                .contains("alert: ");
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowIsNoticed() {
        Rendering rendering = renderRequiredAnd("extraPodSpec: {hostNetwrok: true}");
        assertThatThrownBy(() -> ChartCases.everyObjectFitsTheModel(rendering)).hasMessageContaining("hostNetwrok");
        Rendering number = renderRequiredAnd("extraEnv: [{name: A, value: 1}]");
        assertThatThrownBy(() -> ChartCases.everyObjectFitsTheModel(number)).hasMessageContaining("Integer value (1)");
    }
}
