package io.edgeship.block.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    private static JsonObject parse(String json) throws IOException {
        return JsonObject.parse("x.json", json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{} {}",
                "{}x",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{/**/}",
                "{\"a\":\"\t\"}",
                "null"
            })
    void whatIsNotOneStrictObjectIsCorrupt(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(CorruptFormatException.class)
                .hasMessageStartingWith("x.json");
    }

    @Test
    void depthStringsAndNumbersAreBounded() {
        assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(100_000))).isInstanceOf(CorruptFormatException.class);
        assertThatThrownBy(() -> parse("{\"a\":\"" + "x".repeat(2 << 20) + "\"}"))
                .isInstanceOf(CorruptFormatException.class);
        assertThatThrownBy(() -> parse("{\"a\":" + "9".repeat(1000) + "}")).isInstanceOf(CorruptFormatException.class);
    }

    @Test
    void aNumberKeepsItsDecimals() throws IOException {
        JsonObject json = parse("{\"whole\":1795700307,\"part\":1795700307.743,\"text\":\"1\"}");

        assertThat(json.requiredNumber("whole")).isEqualByComparingTo("1795700307");
        assertThat(json.requiredNumber("part")).isEqualByComparingTo("1795700307.743");
        assertThatThrownBy(() -> json.requiredNumber("text")).isInstanceOf(CorruptFormatException.class);
        assertThatThrownBy(() -> json.requiredNumber("gone")).isInstanceOf(CorruptFormatException.class);
    }

    @Test
    void bytesThatAreNotUtf8AreCorrupt() {
        byte[] json = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};

        assertThatThrownBy(() -> JsonObject.parse("x.json", json)).isInstanceOf(CorruptFormatException.class);
        assertThatThrownBy(() -> JsonObject.parse("x.json", "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)))
                .isInstanceOf(CorruptFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":18446744073709551616,\"a\":[1.50,{\"z\":null,\"y\":[]}],\"c\":{}}",
                "{\"a\":\"\\u003c\\u003e\\u0026\\u2028\\u2029 ü \\u0001\\n\\\"\\\\\"}",
                "{\"half\":\"\\ud83d\",\"other\":\"\\ude00 x\",\"whole\":\"😀\"}",
            })
    void isWrittenAsItWasRead(String json) throws IOException {
        assertThat(new String(parse(json).toCompactBytes(), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }
}
