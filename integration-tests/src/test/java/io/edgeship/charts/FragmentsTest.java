package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is to be added to the values of other people's charts.
class FragmentsTest {
    static final Path FRAGMENTS = Path.of("../deploy/fragments");

    private static final Chart CHART = Chart.named("edgeship-agent");

    /// They are what the chart writes into its ConfigMap: `-Dedgeship.write.docs=true` writes them anew.
    @ParameterizedTest
    @CsvSource({
        "sidecar, kube-prometheus-stack.yaml",
        "sidecar-operator, prometheus-operator.yaml",
        "sidecar-prometheus, prometheus.yaml",
        "sidecar-loki, loki.yaml",
    })
    void aSitesFragmentIsWhatTheChartWrites(String name, String file) throws IOException {
        String wanted =
                "# Written from helm/edgeship-agent/ci/%s-values.yaml, which makes the ConfigMap that it needs.%n"
                                .formatted(name)
                        + CHART.renderCase(name).file(file).stripTrailing() + "\n";
        Path fragment = FRAGMENTS.resolve("site").resolve(file);
        if (Boolean.getBoolean("edgeship.write.docs")) {
            Files.writeString(fragment, wanted);
        }
        assertThat(Chart.read(fragment)).isEqualTo(wanted);
    }

    @Test
    void grafanaFindsTheDatasources() {
        Map<?, ?> object = (Map<?, ?>) Chart.parse(Chart.read(FRAGMENTS.resolve("centre/grafana-datasources.yaml")));
        ConfigMap map = (ConfigMap) KubernetesModel.check(object);
        assertThat(map.getMetadata().getLabels()).containsEntry("grafana_datasource", "1");
        Object datasources = at(Chart.parse(String.valueOf(map.getData().get("edgeship.yaml"))), "datasources");
        assertThat(at(datasources, 0, "type")).isEqualTo("prometheus");
        assertThat(at(datasources, 1, "type")).isEqualTo("loki");
        assertThat(at(datasources, 1, "secureJsonData", "httpHeaderValue1"))
                .as("the tenant that sites ship to unless told otherwise")
                .isEqualTo("fleet");
    }
}
