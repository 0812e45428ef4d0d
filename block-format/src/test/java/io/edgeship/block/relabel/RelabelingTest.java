package io.edgeship.block.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.LabelSet;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the golden cases do not say; see [PrometheusRelabelTest].
class RelabelingTest {
    private static final long SEED = 20_261_125;
    private static final List<String> NAMES = List.of("__name__", "job", "instance", "le");
    private static final List<String> REGEXES =
            List.of("a", "a|b", "(a|b).*", ".+", ".*b", "", "[a-c]+", "job|le", "a;b", ".*;.*");

    private static final LabelSet SERIES = LabelSet.ofSorted("__name__", "up", "instance", "a:1", "job", "node");

    @Test
    void withoutRulesEverySeriesStaysAsItIs() {
        assertThat(Relabeling.of(List.of())).isSameAs(Relabeling.NONE);
        assertThat(Relabeling.NONE.isNone()).isTrue();
        assertThat(Relabeling.NONE.apply(SERIES)).containsSame(SERIES);
        assertThat(Relabeling.NONE.canonical()).isEmpty();
    }

    @Test
    void aSeriesThatNoRuleChangesIsTheSameObject() {
        assertThat(of(rule(RelabelAction.DROP, "x", "job")).apply(SERIES)).containsSame(SERIES);
    }

    /// Prometheus would make a label without a name, which no block may have.
    @Test
    void aMappedLabelWithoutANameIsLeftOut() {
        RelabelRule rule = new RelabelRule(RelabelAction.LABELMAP, List.of(), ";", "job(.*)", 0, "", "$1");
        assertThat(of(rule).apply(SERIES)).contains(SERIES);
    }

    @Test
    void theCanonicalTextSaysWhatARuleReadsAndNothingElse() {
        Relabeling relabeling = of(
                rule(RelabelAction.DROP, "a\"\\d\n", "job", "instance"),
                new RelabelRule(RelabelAction.HASHMOD, List.of("job"), "/", "ignored", 8, "shard", "ignored"),
                new RelabelRule(RelabelAction.REPLACE, List.of(), ";", "(.*)", 0, "site", "x"),
                rule(RelabelAction.LABELKEEP, "a"));

        assertThat(relabeling.canonical()).isEqualTo("""
                drop source_labels="job""instance" separator=";" regex="a\\"\\\\d\\n"
                hashmod source_labels="job" modulus=8 target_label="shard"
                replace source_labels= regex="(.*)" target_label="site" replacement="x"
                labelkeep regex="a"
                """);
        assertThat(relabeling.canonical()).isEqualTo(relabeling.toString());
    }

    @Test
    void rulesAreEqualWhereTheyDoTheSame() {
        RelabelRule one = new RelabelRule(RelabelAction.LOWERCASE, List.of("job"), ";", "x", 0, "job", "$1");
        RelabelRule other = new RelabelRule(RelabelAction.LOWERCASE, List.of("job"), "/", "y", 7, "job", "$1");
        assertThat(of(one)).isEqualTo(of(other)).hasSameHashCodeAs(of(other));
        assertThat(of(one)).isNotEqualTo(of(one, other));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "REPLACE,     '',  ;, (.*), 0, '',   $1, target_label is missing",
                "HASHMOD,     job, ;, (.*), 0, a,    $1, modulus must be 1 or more",
                "REPLACE,     job, ;, (.*), -1, a,   $1, modulus must be 1 or more",
                "KEEP,        job, ;, (,    0, '',   $1, regex is no regular expression",
                "KEEP,        job, ;, (?=a), 0, '',  $1, regex is no regular expression",
                "KEEP,        job, ;, (a)\\1, 0, '', $1, regex is no regular expression",
                "KEEP,        job, ;, (?<n>a)(?<n>b), 0, '', $1, regex is no regular expression",
                "KEEP,        job, ;, (a{500}){500}, 0, '', $1, regex is no regular expression",
                "LOWERCASE,   job, ;, (.*), 0, a,    x,  replacement cannot be set for action lowercase",
                "KEEPEQUAL,   job, ;, a,    0, a,    $1, regex cannot be set for action keepequal",
                "DROPEQUAL,   job, /, (.*), 0, a,    $1, separator cannot be set for action dropequal",
                "LABELDROP,   job, ;, a,    0, '',   $1, source_labels cannot be set for action labeldrop",
                "LABELKEEP,   '',  ;, a,    0, a,    $1, target_label cannot be set for action labelkeep",
                "LABELKEEP,   '',  ;, a,    3, '',   $1, modulus cannot be set for action labelkeep",
                "LABELMAP,    '',  ;, a,    0, '',   '', replacement is no name",
                "REPLACE,     '',  ;, a,    0, \uD800, x, target_label is no name",
            })
    void whatMakesNoSenseIsNamedByItsKey(
            RelabelAction action,
            String source,
            String separator,
            String regex,
            long modulus,
            String target,
            String replacement,
            String message) {
        List<String> sources = source.isEmpty() ? List.of() : List.of(source);
        assertThatThrownBy(() -> new RelabelRule(action, sources, separator, regex, modulus, target, replacement))
                .isInstanceOf(InvalidRuleException.class)
                .hasMessageStartingWith(message)
                .extracting(e -> ((InvalidRuleException) e).key())
                .isEqualTo(message.substring(0, message.indexOf(' ')));
    }

    @Test
    void actionsAreKnownInAnyCase() {
        for (RelabelAction action : RelabelAction.values()) {
            assertThat(RelabelAction.of(action.name())).contains(action);
            assertThat(RelabelAction.of(action.spelling())).contains(action);
        }
        assertThat(RelabelAction.of("dropp")).isEmpty();
    }

    /// A second implementation, as naive as can be.
    @Test
    void keepDropLabeldropAndHashmodDoWhatANaiveImplementationDoes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            Map<String, String> labels = new TreeMap<>();
            for (String name : NAMES) {
                if (random.nextBoolean()) {
                    labels.put(name, pick(random, List.of("a", "b", "ab", "job", "c")));
                }
            }
            RelabelAction action = pick(
                    random,
                    List.of(RelabelAction.KEEP, RelabelAction.DROP, RelabelAction.LABELDROP, RelabelAction.HASHMOD));
            boolean ofNames = action == RelabelAction.LABELDROP;
            List<String> sources = ofNames ? List.of() : List.of(pick(random, NAMES), pick(random, NAMES));
            long modulus = action == RelabelAction.HASHMOD ? 1 + random.nextInt(1000) : 0;
            RelabelRule rule =
                    new RelabelRule(action, sources, ";", pick(random, REGEXES), modulus, ofNames ? "" : "shard", "$1");

            assertThat(of(rule).apply(LabelSet.of(labels)).map(LabelSet::toMap))
                    .as("seed %d, round %d: %s of %s", SEED, i, rule, labels)
                    .isEqualTo(naive(rule, labels));
        }
    }

    private static Optional<Map<String, String>> naive(RelabelRule rule, Map<String, String> labels) {
        Pattern regex = Pattern.compile(rule.regex(), Pattern.DOTALL);
        String value = String.join(
                ";",
                rule.sourceLabels().stream()
                        .map(name -> labels.getOrDefault(name, ""))
                        .toList());
        Map<String, String> left = new TreeMap<>(labels);
        boolean stays = switch (rule.action()) {
            case KEEP -> regex.matcher(value).matches();
            case DROP -> !regex.matcher(value).matches();
            case LABELDROP -> {
                left.keySet().removeIf(name -> regex.matcher(name).matches());
                yield true;
            }
            case HASHMOD -> left.put("shard", hash(value, rule.modulus())) == null;
            default -> throw new AssertionError(rule);
        };
        return stays && !left.isEmpty() ? Optional.of(left) : Optional.empty();
    }

    private static String hash(String value, long modulus) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(value.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, Arrays.copyOfRange(digest, 8, 16))
                    .mod(BigInteger.valueOf(modulus))
                    .toString();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threadsMayShareRules() throws Exception {
        Relabeling relabeling = of(
                new RelabelRule(RelabelAction.REPLACE, List.of("job"), ";", "(n)(.*)", 0, "x_$2", "$2-$1"),
                new RelabelRule(RelabelAction.HASHMOD, List.of("instance"), ";", "(.*)", 97, "shard", "$1"));
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                int own = thread;
                results.add(threads.submit(() -> {
                    Optional<LabelSet> first = relabeling.apply(series(own));
                    boolean same = true;
                    for (int i = 0; i < 5_000; i++) {
                        same &= relabeling.apply(series(own)).equals(first);
                    }
                    return same;
                }));
            }
        }
        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
    }

    private static LabelSet series(int number) {
        return LabelSet.ofSorted("__name__", "up", "instance", "10.0.0." + number, "job", "node" + number);
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static Relabeling of(RelabelRule... rules) {
        return Relabeling.of(List.of(rules));
    }

    private static RelabelRule rule(RelabelAction action, String regex, String... sources) {
        return new RelabelRule(action, List.of(sources), ";", regex, 0, "", "$1");
    }
}
