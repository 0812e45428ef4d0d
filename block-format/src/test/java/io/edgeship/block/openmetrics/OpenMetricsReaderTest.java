package io.edgeship.block.openmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMetricsReaderTest {
    @Test
    void samplesHaveLabelsValuesAndTimes() throws IOException {
        assertThat(read("""
                        # TYPE up gauge
                        # HELP up whether it is
                        up 1 1700000000
                        up{job="a\\"b\\\\c\\nd",b="",} 2.5e3 1700000000.123 # {trace="x"} 1 2
                        a:b{x="ü"} -Inf 0
                        {"grün 🌱",x="y"} NaN -1.5
                        {"plain"} +inf 1
                        # EOF
                        """))
                .containsExactly(
                        "{__name__=\"up\"} 1.0 1700000000000",
                        "{__name__=\"up\", job=\"a\\\"b\\\\c\\nd\"} 2500.0 1700000000123",
                        "{__name__=\"a:b\", x=\"ü\"} -Infinity 0",
                        "{__name__=\"grün 🌱\", x=\"y\"} NaN -1500",
                        "{__name__=\"plain\"} Infinity 1000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up | a value and a time, a space before each is wanted at column 3",
                "up 1 | a value and a time",
                "up x 1 | 'x' is not a number",
                "up 0x1p3 1 | '0x1p3' is not a number",
                "up 1d 1 | '1d' is not a number",
                "up 1 NaN | a time of NaN seconds",
                "up 1 1e300 | a time of 1.0E300 seconds",
                "up 1 2 3 | the end of the line is wanted at column 7",
                "up{a=\"b\" 1 2 | ',' or '}' is wanted at column 9",
                "up{a=\"b 1 2 | the end of a text in quotes",
                "up{a=b} 1 2 | a text in quotes is wanted at column 6",
                "up{a=\"\\x\"} 1 2 | \\\\, \\\" or \\n is wanted",
                "up{a=\"1\",a=\"2\"} 1 2 | label 'a' stands there twice",
                "up{__name__=\"x\"} 1 2 | label '__name__' stands there twice",
                "{a=\"b\"} 1 2 | a metric's name is wanted",
                "9up 1 2 | a metric's name is wanted at column 1",
                "# COMMENT | is neither a sample nor",
                "#TYPE a b | is neither a sample nor",
            })
    void aLineThatBreaksTheGrammarIsNamed(String line, String problem) {
        assertThatThrownBy(() -> read("up 1 1\n" + line + "\n# EOF\n"))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageContaining("test at offset 7 (0x7): line 2: ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "up 1 1\n", "up 1 1\n# EOF", "# EOF\nup 1 1\n", "\n# EOF\n"})
    void aFileEndsWithEof(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(CorruptFormatException.class);
    }

    @Test
    void aLineWithoutAnEndIsNotReadForEver() {
        String text = "a".repeat(OpenMetricsReader.LINE_BYTES_MAX + 1);
        assertThatThrownBy(() -> read(text)).hasMessageContaining("longer than");
    }

    @Test
    void bytesThatAreNoUtf8AreAnError() {
        byte[] bytes = {'u', 'p', '{', 'a', '=', '"', (byte) 0xff, '"', '}', ' ', '1', ' ', '1', '\n'};
        var reader = OpenMetricsReader.of("test", new ByteArrayInputStream(bytes));
        assertThatThrownBy(reader::next).hasMessageContaining("is not UTF-8");
    }

    private static List<String> read(String text) throws IOException {
        List<String> samples = new ArrayList<>();
        var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try (OpenMetricsReader reader = OpenMetricsReader.of("test", bytes)) {
            while (reader.next()) {
                samples.add(reader.labels() + " " + reader.value() + " " + reader.timeMillis());
            }
        }
        return samples;
    }
}
