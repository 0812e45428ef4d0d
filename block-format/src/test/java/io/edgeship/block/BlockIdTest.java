package io.edgeship.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockIdTest {
    @Test
    void printsWhatItParsed() {
        for (String text :
                new String[] {"01M80YDQGD3THN2VKK015C6EW9", "00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
                }) {
            assertThat(BlockId.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01M80YDQGD3THN2VKK015C6EW",
                "01M80YDQGD3THN2VKK015C6EWU",
                "01m80ydqgd3thn2vkk015c6ew9",
                "80000000000000000000000000"
            })
    void takesNothingElse(String text) {
        assertThat(BlockId.tryParse(text)).isEmpty();
    }

    @Test
    void timeIsTheMillisecondsInTheFirstTenLetters() {
        assertThat(BlockId.parse("01M80YDQGD3THN2VKK015C6EW9").timeMillis()).isEqualTo(1795328237069L);
    }

    @Test
    void ordersAsTheLettersDo() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            BlockId a = new BlockId(random.nextLong(), random.nextLong());
            BlockId b = new BlockId(random.nextLong(), random.nextLong());
            assertThat(Integer.signum(a.compareTo(b)))
                    .isEqualTo(Integer.signum(a.toString().compareTo(b.toString())));
            assertThat(BlockId.parse(a.toString())).isEqualTo(a);
        }
    }
}
