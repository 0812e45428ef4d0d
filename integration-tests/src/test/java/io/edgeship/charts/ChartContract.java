package io.edgeship.charts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is asked of each chart alike, for every `ci/NAME-values.yaml` that it has.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChartContract {
    final Chart chart;
    private final String required;

    @TempDir
    Path dir;

    /// @param required the values without which the chart refuses to render, as YAML
    ChartContract(String chart, String required) {
        this.chart = Chart.named(chart);
        this.required = required;
    }

    Stream<String> cases() {
        return chart.cases();
    }

    Rendering renderRequiredAnd(String values) {
        return chart.renderValues(required + values);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersWhatItIsExpectedTo(String name) throws IOException {
        ChartCases.isAsExpected(chart, name);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void dependsOnValuesAndReleaseAlone(String name) {
        ChartCases.dependsOnNothingElse(chart, name);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyObjectFitsTheModelOfKubernetes(String name) {
        ChartCases.everyObjectFitsTheModel(chart.renderCase(name));
    }

    @Test
    void everyDashboardIsInAConfigMap() {
        ChartCases.everyDashboardIsInAConfigMap(chart, required);
    }
}
