package io.edgeship.block.tsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.LabelSet;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.testing.Flaw;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.Matcher.Operator;
import io.edgeship.block.tsdb.index.PostingsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The answer from the postings is the answer of looking at every series.
class SeriesQueryTest {
    private static final long SEED = 20_261_124;
    private static final List<Operator> OPERATORS = List.of(Operator.values());
    private static final String[] NAMES = {"__name__", "job", "é", "\uD83D\uDE80", "\uFFFD", "zone"};
    private static final String[] REGEXES = {
        "",
        ".*",
        ".+",
        "v1|v2|v33",
        "v1.*",
        "v.+",
        "v1|",
        "|x",
        "(v1|v2).*",
        "v[0-9]",
        ".*7",
        "nope",
        "nope.*",
        "v",
        "[^v]*"
    };

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theAnswerFromPostingsIsThatOfLookingAtEverySeries(int indexVersion) throws IOException {
        Random random = new Random(SEED);
        Path block = block(random).indexVersion(indexVersion).write(dir);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            List<LabelSet> all = labels(reader, List.of());
            assertThat(all).hasSizeGreaterThan(300);
            int found = 0;
            for (int i = 0; i < 2000; i++) {
                List<Matcher> matchers = matchers(random);
                List<LabelSet> expected = all.stream()
                        .filter(labels -> matchers.stream().allMatch(matcher -> matcher.matches(labels)))
                        .toList();
                assertThat(labels(reader, matchers))
                        .as("%s, seed %d", matchers, SEED)
                        .isEqualTo(expected);
                found += expected.isEmpty() ? 0 : 1;
            }
            assertThat(found).as("questions with an answer").isGreaterThan(200);
        }
    }

    @Test
    void namesAndValuesAreThoseOfTheSeriesInOrder() throws IOException {
        Path block = block(new Random(SEED)).write(dir);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            Map<String, Set<String>> expected = new HashMap<>();
            reader.forEachSeries(
                    List.of(),
                    series -> series.labels()
                            .forEach((name, value) -> expected.computeIfAbsent(name, _ -> new HashSet<>())
                                    .add(value)));
            PostingsTable table = reader.index().postingsTable();
            List<String> names = new ArrayList<>();
            table.forEachName(names::add);
            assertThat(names).containsExactly("__name__", "job", "zone", "é", "\uFFFD", "\uD83D\uDE80");
            for (String name : names) {
                List<String> values = new ArrayList<>();
                table.forEachValue(name, "", (value, _) -> values.add(value));
                assertThat(values).doesNotHaveDuplicates().hasSameElementsAs(expected.getOrDefault(name, Set.of()));
                assertThat(new TreeSet<>(values)).as("plain here").containsExactlyElementsOf(values);
            }
            assertThat(table.find("job", "v0")).isPositive();
            assertThat(table.find("job", "")).isEqualTo(-1);
            assertThat(table.find("jobs", "v0")).isEqualTo(-1);
        }
    }

    @Test
    void aTableOutOfOrderIsNotSearched() throws IOException {
        Path block = TestBlocks.sound().with(Flaw.POSTINGS_TABLE_REVERSED).write(dir);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            assertThatThrownBy(() -> labels(reader, Matcher.parse("up")))
                    .isInstanceOf(CorruptFormatException.class)
                    .hasMessageContaining("the postings offset table is out of order");
        }
    }

    @Test
    void postingsThatLieDoNotForgeAnAnswer() throws IOException {
        Path block = TestBlocks.sound().with(Flaw.POSTINGS_SHARED).write(dir);
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block))) {
            assertThatThrownBy(() -> labels(reader, Matcher.parse("{job=\"a\"}")))
                    .isInstanceOf(CorruptFormatException.class)
                    .hasMessageContaining("postings of job=\"a\" name {__name__=\"up\", job=\"b\"}");
        }
    }

    @Test
    void listsThatShareBytesAreNotReadOverAndOver() throws IOException {
        TestBlock block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS).with(Flaw.POSTINGS_SHARED);
        for (int i = 0; i < 500; i++) {
            block.series(LabelSet.ofSorted("__name__", "m" + i), TestChunk.of(0, 1, 1));
        }
        try (BlockReader reader = BlockReader.open(BlockFiles.of(block.write(dir)))) {
            assertThatThrownBy(() -> labels(reader, Matcher.parse("{__name__=~\"m.+\"}")))
                    .isInstanceOf(CorruptFormatException.class)
                    .hasMessageContaining("of one label name have more series than there can be");
        }
    }

    private static TestBlock block(Random random) {
        TestBlock block = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS);
        Set<LabelSet> taken = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            Map<String, String> labels = new HashMap<>(Map.of("__name__", "v" + random.nextInt(90)));
            for (String name : NAMES) {
                if (random.nextBoolean()) {
                    labels.put(name, "v" + random.nextInt(40));
                }
            }
            if (taken.add(LabelSet.of(labels))) {
                block.series(LabelSet.of(labels), TestChunk.of(0, 1, 1));
            }
        }
        return block;
    }

    private static List<Matcher> matchers(Random random) {
        List<Matcher> matchers = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
            boolean isRegex = operator == Operator.REGEX || operator == Operator.NOT_REGEX;
            String plain = random.nextInt(5) == 0 ? "" : "v" + random.nextInt(45);
            String value = isRegex ? REGEXES[random.nextInt(REGEXES.length)] : plain;
            String name = random.nextInt(10) == 0 ? "absent" : NAMES[random.nextInt(NAMES.length)];
            matchers.add(Matcher.of(name, operator, value));
        }
        return matchers;
    }

    private static List<LabelSet> labels(BlockReader reader, List<Matcher> matchers) throws IOException {
        List<LabelSet> found = new ArrayList<>();
        reader.forEachSeries(matchers, series -> found.add(series.labels()));
        return found;
    }
}
