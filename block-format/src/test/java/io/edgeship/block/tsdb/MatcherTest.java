package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.edgeship.block.LabelSet;
import io.edgeship.block.tsdb.Matcher.Operator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
    private static final long SEED = 20_261_123;

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "up -> __name__=\"up\"",
                " up { job = 'x' , } -> __name__=\"up\" job=\"x\"",
                "{job=\"x\",site!=\"y\"} -> job=\"x\" site!=\"y\"",
                "{job=~\"a|b\",site!~\"c.*\"} -> job=~\"a|b\" site!~\"c.*\"",
                "{\"http.requests\",\"a b\"!=\"c\"} -> __name__=\"http.requests\" a b!=\"c\"",
                "a:b{x=\"\\\\\\\"\\u00e9\\U0001F680\"} -> __name__=\"a:b\" x=\"\\\\\\\"é\uD83D\uDE80\"",
                "{x=`\\d{2}`} -> x=\"\\\\d{2}\"",
                "{x=\"a,b}\"} -> x=\"a,b}\"",
                "{} -> ''",
            })
    void selectorsAreReadAsPromQlHasThem(String selector, String matchers) {
        assertThat(Matcher.parse(selector.replace("''", "")))
                .extracting(Matcher::toString)
                .satisfies(read -> assertThat(String.join(" ", read)).isEqualTo(matchers == null ? "" : matchers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "up{",
                "up}",
                "{job}",
                "{job=}",
                "{job=x}",
                "{job=\"x\"",
                "{job=\"x}",
                "{job==\"x\"}",
                "{=\"x\"}",
                "{job=\"x\" site=\"y\"}",
                "{,}",
                "{job=\"\\d\"}",
                "{job=\"\\u12\"}",
                "{job=\"\\Uffffffff\"}",
                "up{} x",
                "1up",
                "{\"\"=\"x\"}",
                "{job=\"\\",
                "{job=~\"(\"}",
                "{job=~\"a)|(b\"}",
                "{job=~\"a**\"}",
                "{job=~\"a(?=b)\"}"
            })
    void whatIsNoSelectorIsRefusedWithAMessage(String selector) {
        assertThatThrownBy(() -> Matcher.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)'.*");
    }

    @Test
    void aLabelThatIsNotThereHasTheEmptyValue() {
        LabelSet labels = LabelSet.ofSorted("a", "x");

        assertThat(matches("{b=\"\"}", labels)).isTrue();
        assertThat(matches("{b!=\"x\"}", labels)).isTrue();
        assertThat(matches("{b=~\".*\"}", labels)).isTrue();
        assertThat(matches("{b=~\"x|\"}", labels)).isTrue();
        assertThat(matches("{b=~\".+\"}", labels)).isFalse();
        assertThat(matches("{b!~\"x?\"}", labels)).isFalse();
        assertThat(matches("{b!~\"x\"}", labels)).isTrue();
        assertThat(matches("{a!=\"\"}", labels)).isTrue();
    }

    @Test
    void aRegularExpressionIsOfTheWholeValueAndADotIsALineFeedToo() {
        assertThat(regex("b", "abc")).isFalse();
        assertThat(regex(".*b.*", "a\nb\nc")).isTrue();
        assertThat(regex("a.c", "a\nc")).isTrue();
        assertThat(regex("a|b", "ab")).isFalse();
        assertThat(regex("(?i)UP", "up")).isTrue();
        assertThat(regex("a$", "a\n")).isFalse();
        assertThat(regex(".", "\uD83D\uDE80")).as("one character").isTrue();
        assertThat(regex("\\w", "é")).as("classes with a backslash are ASCII").isFalse();
        assertThat(regex("a\\.*", "a..")).as("not the prefix a\\").isTrue();
        assertThat(regex("a\\.+", "a.b")).isFalse();
        assertThat(regex("(?<n>a)(?P<m>b)", "ab")).isTrue();
    }

    /// What Go 1.26 says to each is the first word; where RE2/J says something else, it refuses or misses what only a
    /// later Unicode has.
    @ParameterizedTest
    @CsvSource({
        "true,  \\p{Greek}+,     αβγ,    true",
        "true,  \\pL+,           é,      true",
        "true,  (?i)σ,           ς,      true",
        "true,  (?i)k,           \u212A, true",
        "true,  (?i)ſ,           S,      true",
        "false, (?i)straße,      STRASSE, false",
        "true,  [[:word:]]+,     ab_1,   true",
        "true,  \\p{Any},        a,      true",
        "error, a{1001},         a,      error",
        "error, (a{100}){11},    a,      error",
        "true,  (a{10}){2},      aaaaaaaaaaaaaaaaaaaa, true",
        "true,  \\p{Vithkuqi},   \uD801\uDD70, error",
        "true,  \\p{L},          \uA7F6, false",
        "true,  \\p{ASCII},      a,      error",
        "true,  \\p{Letter},     a,      error",
        "true,  \\p{greek},      α,      error",
    })
    void whereTheEngineDiffersFromGoItRefusesOrLacksNewCharacters(String go, String regex, String value, String ours) {
        String answer;
        try {
            answer = Boolean.toString(regex(regex, value));
        } catch (IllegalArgumentException e) {
            answer = "error";
        }
        assertThat(answer).as("Go says %s", go).isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "abc -> 1",
                "a{3}b{4} -> 4",
                "(a{10}){20} -> 200",
                "((a{10}|b){10}c){11} -> 1100",
                "(a{2,5}b{7}){3,} -> 21",
                "([{9}]{2}){3} -> 6",
                "([]{9}]{2}){3} -> 6",
                "([[:alpha:]{9}]\\{9}){3} -> 3",
                "(\\Q)\\Ea{100}){10} -> 1000",
                "((((a{1000}){1000}){1000}){1000}){1000} -> 2147483647",
                "a{10}{20} -> 200",
                "a{x} -> 1",
                "[{9} -> 1",
            })
    void countsWithinCountsMultiply(String regex, long most) {
        assertThat(RepeatCounts.most(regex)).isEqualTo(most);
    }

    @Test
    void whatNeverReachesTheEngineAnswersAsTheEngineWould() {
        Random random = new Random(SEED);
        String[] parts = {"a", "b", "|", ".*", ".+", "\\.", ".", "a*", "\n", "é", "(a|b)", "[ab]", "^", "$", ""};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder regex = new StringBuilder();
            for (int part = random.nextInt(5); part >= 0; part--) {
                regex.append(parts[random.nextInt(parts.length)]);
            }
            String value = random.ints(random.nextInt(5), 0, 5)
                    .collect(StringBuilder::new, (text, c) -> text.append("ab.\né".charAt(c)), StringBuilder::append)
                    .toString();
            Pattern engine;
            try {
                engine = Pattern.compile(regex.toString(), Pattern.DOTALL);
            } catch (com.google.re2j.PatternSyntaxException _) {
                continue;
            }
            LabelRegex ours = LabelRegex.compile(regex.toString());
            assertThat(ours.matches(value))
                    .as("'%s' over '%s', seed %d", regex, value, SEED)
                    .isEqualTo(engine.matches(value));
            assertThat(!engine.matches(value) || value.startsWith(ours.prefix()))
                    .as("the prefix of '%s'", regex)
                    .isTrue();
        }
    }

    @Test
    void plainAlternativesAreKnownValues() {
        assertThat(LabelRegex.compile("a|b\\.c|").literals())
                .hasValueSatisfying(values -> assertThat(values).containsExactly("a", "b.c", ""));
        assertThat(LabelRegex.compile("a|b.").literals()).isEmpty();
        assertThat(LabelRegex.compile("ab.*").prefix()).isEqualTo("ab");
    }

    private static boolean regex(String regex, String value) {
        return Matcher.of("x", Operator.REGEX, regex).matches(value);
    }

    private static boolean matches(String selector, LabelSet labels) {
        List<Matcher> matchers = Matcher.parse(selector);
        return matchers.stream().allMatch(matcher -> matcher.matches(labels));
    }
}
