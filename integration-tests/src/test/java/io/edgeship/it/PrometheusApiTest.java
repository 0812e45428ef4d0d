package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.it.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusApiTest {
    @Test
    void readsMatricesAndVectors() throws IOException {
        Samples matrix = parse("""
                {"status":"success","data":{"resultType":"matrix","result":[
                 {"metric":{"__name__":"up","job":"x"},"values":[[1795414063.894,"1"],[1795414064,"+Inf"]]}]}}""");
        Samples expected = new Samples();
        expected.add(Map.of("__name__", "up", "job", "x"), Sample.of(1795414063894L, 1));
        expected.add(Map.of("__name__", "up", "job", "x"), Sample.of(1795414064000L, Double.POSITIVE_INFINITY));
        assertThat(Samples.differences(expected, matrix)).isEmpty();

        Samples vector = parse("""
                {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1.001,"NaN"]}]}}""");
        assertThat(vector.count()).isEqualTo(1);
        assertThat(vector.within(1001, 1002).count()).isEqualTo(1);
    }

    @Test
    void anErrorAndAWarningAreErrors() {
        assertThatThrownBy(() -> parse("{\"status\":\"error\",\"error\":\"bad query\"}"))
                .hasMessageContaining("bad query");
        assertThatThrownBy(() -> parse("{\"status\":\"success\",\"warnings\":[\"partial\"],\"data\":{\"result\":[]}}"))
                .hasMessageContaining("partial");
    }

    private static Samples parse(String json) throws IOException {
        return PrometheusApi.parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "a query");
    }
}
