package io.edgeship.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8OrderTest {
    @Test
    void ordersAsTheBytesDoWhereUtf16DoesNot() {
        List<String> texts =
                List.of("", "a", "ab", "z", "é", "\uD7FF", "\uE000", "\uFFFD", "\uFFFF", "🌱", "🌱a", "𐀀");
        for (String a : texts) {
            for (String b : texts) {
                int bytes =
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
                assertThat(Integer.signum(Utf8Order.compare(a, b)))
                        .as("%s and %s", a, b)
                        .isEqualTo(Integer.signum(bytes));
            }
        }
    }
}
