package io.edgeship.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final List<Option> OPTIONS =
            List.of(new Option("config", "FILE", "what to read"), new Option("once", null, "stop after one round"));
    private static final Usage WITH_OPERANDS = new Usage("block verify", "DIR...", "Checks blocks", OPTIONS, "");
    private static final Usage WITHOUT = new Usage("agent", "", "Ships blocks", OPTIONS, "Exit codes: 0, 1, 2.\n");

    @Test
    void sortsOptionsAndOperandsInAnyOrder() throws UsageException {
        Arguments arguments = Arguments.parse(
                WITH_OPERANDS, List.of("a", "--config", "x", "--once", "-", "--config=y=z", "--", "--once", "b"));

        assertThat(arguments.operands()).containsExactly("a", "-", "--once", "b");
        assertThat(arguments.values("config")).containsExactly("x", "y=z");
        assertThat(arguments.value("config")).contains("y=z");
        assertThat(arguments.flag("once")).isTrue();
    }

    @Test
    void whatWasNotGivenIsAbsent() throws UsageException {
        Arguments arguments = Arguments.parse(WITH_OPERANDS, List.of());

        assertThat(arguments.flag("once")).isFalse();
        assertThat(arguments.value("config")).isEmpty();
        assertThat(arguments.values("config")).isEmpty();
        assertThatThrownBy(() -> arguments.requiredValue("config"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--config is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "--conf, no option --conf",
        "-config, no option -config",
        "--once=1, --once takes no value",
        "--config, --config wants a value: FILE",
        "word, '''word'' is one word too many'",
    })
    void refusesWhatMakesNoSense(String word, String message) {
        assertThatThrownBy(() -> Arguments.parse(WITHOUT, List.of(word)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void helpShowsEveryOption() {
        assertThat(WITHOUT.help()).isEqualTo("""
                Usage: edgeship agent [OPTION...]

                Ships blocks.

                  --config FILE           what to read
                  --once                  stop after one round
                  --help                  print this text

                Exit codes: 0, 1, 2.
                """);
    }
}
