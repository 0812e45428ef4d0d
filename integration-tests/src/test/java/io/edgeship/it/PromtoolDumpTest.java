package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.it.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromtoolDumpTest {
    /// The first line is promtool 3.14's own.
    @Test
    void readsWhatPromtoolPrints() throws IOException {
        Samples dump = read("""
                {__name__="flap", instance="127.0.0.1:9299", job="fake", utf="grün 🌱 日本"} 16.8963 1795414063894
                {__name__="odd", text="a\\"b\\\\c\\nd\\u200b"} -Inf 1
                {__name__="odd", text="a\\"b\\\\c\\nd\\u200b"} 1e+06 2
                {"naïve name"="x", __name__="quoted"} -0 3
                """);
        Samples expected = new Samples();
        expected.add(
                Map.of("__name__", "flap", "instance", "127.0.0.1:9299", "job", "fake", "utf", "grün 🌱 日本"),
                Sample.of(1795414063894L, 16.8963));
        Map<String, String> odd = Map.of("__name__", "odd", "text", "a\"b\\c\nd\u200b");
        expected.add(odd, Sample.of(1, Double.NEGATIVE_INFINITY));
        expected.add(odd, Sample.of(2, 1e6));
        expected.add(Map.of("__name__", "quoted", "naïve name", "x"), Sample.of(3, -0.0));
        assertThat(Samples.differences(expected, dump)).isEmpty();
    }

    @Test
    void aLineOfAnotherKindIsNamed() {
        assertThatThrownBy(() -> read("{a=\"b\"} {count:1, sum:2, (1,2]:1} 5\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("want a value and a time")
                .hasMessageContaining("column 8");
    }

    private static Samples read(String dump) throws IOException {
        return PromtoolDump.read(new ByteArrayInputStream(dump.getBytes(StandardCharsets.UTF_8)));
    }
}
