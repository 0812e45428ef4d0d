package io.edgeship.block.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.testing.Flaw;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A block for each rule that breaks this rule and no other.
class RuleTest {
    private static final LabelSet LATER = LabelSet.ofSorted("__name__", "zzz");
    private static final TestChunk CHUNK = TestChunk.of(0, 1000, 1, 2, 3);
    private static final int INDEX_FIRST_SERIES_MIN = 16; // header and symbols come before
    private static final int SEGMENT_FIRST_CHUNK = 8;
    private static final int NONE = -1;

    @TempDir
    private Path dir;

    /// @param file   relative to the block
    /// @param offset the least that is right; [#NONE] where the file as a whole is meant
    record Case(Rule rule, Consequence consequence, String file, long offset, Maker maker) {
        @Override
        public String toString() {
            return rule.name();
        }
    }

    /// Writes a broken block into a directory.
    @FunctionalInterface
    interface Maker {
        Path make(Path parent) throws IOException;
    }

    static Stream<Case> cases() {
        return Stream.of(metaCases(), seriesCases(), chunkCases(), postingsCases())
                .flatMap(List::stream);
    }

    private static List<Case> metaCases() {
        return List.of(
                new Case(Rule.META_READABLE, Consequence.SKIP, "meta.json", NONE, parent -> {
                    Path block = TestBlocks.sound().write(parent);
                    Files.writeString(block.resolve("meta.json"), "{\"version\":1,");
                    return block;
                }),
                new Case(Rule.META_VERSION, Consequence.STALL, "meta.json", NONE, parent -> {
                    Path block = TestBlocks.sound().write(parent);
                    Path meta = block.resolve("meta.json");
                    Files.writeString(meta, Files.readString(meta).replace("\"version\": 1", "\"version\": 2"));
                    return block;
                }),
                new Case(Rule.META_NAMES_BLOCK, Consequence.STALL, "meta.json", NONE, parent -> {
                    Path block = TestBlocks.sound().write(parent);
                    return Files.move(block, parent.resolve("01M83GSE5DPDK87AWYMSGXDHS8"));
                }),
                new Case(
                        Rule.TOTALS_AGREE,
                        Consequence.NONE,
                        "meta.json",
                        NONE,
                        TestBlocks.sound().meta(right -> withSamples(right, 22))::write),
                new Case(Rule.TOMBSTONES_READABLE, Consequence.NONE, "tombstones", 0, parent -> {
                    Path block = TestBlocks.sound().write(parent);
                    Files.write(block.resolve("tombstones"), new byte[9]);
                    return block;
                }));
    }

    private static List<Case> seriesCases() {
        return List.of(
                new Case(Rule.INDEX_READABLE, Consequence.EXIT, "index", 0, parent -> {
                    Path block = TestBlocks.sound().write(parent);
                    damage(block.resolve("index"), 0);
                    return block;
                }),
                index(Rule.SYMBOLS_ORDERED, Consequence.HALT, TestBlocks.sound().with(Flaw.SYMBOLS_REVERSED)),
                index(
                        Rule.SERIES_ORDERED,
                        Consequence.EXIT,
                        TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                                .series(LATER, CHUNK)
                                .series(LabelSet.ofSorted("__name__", "a"), CHUNK)
                                .with(Flaw.SERIES_UNSORTED)),
                index(Rule.SERIES_LABELLED, Consequence.EXIT, TestBlocks.sound().series(LabelSet.ofSorted(), CHUNK)),
                index(
                        Rule.LABELS_ORDERED,
                        Consequence.EXIT,
                        TestBlocks.sound().series(LabelSet.ofSorted("job", "x", "instance", "y"), CHUNK)),
                index(
                        Rule.LABELS_UNIQUE,
                        Consequence.UNNOTICED,
                        TestBlocks.sound().series(LabelSet.ofSorted("job", "x", "job", "y"), CHUNK)),
                index(
                        Rule.SERIES_WITH_CHUNKS,
                        Consequence.EXIT,
                        TestBlocks.sound().series(LATER)));
    }

    private static List<Case> chunkCases() {
        TestChunk atEnd = TestChunk.of(TestBlocks.TWO_HOURS.maxTime(), 1000, 1, 2);
        TestChunk before = TestChunk.of(-1000, 1000, 1, 2);
        TestChunk overlapping = TestChunk.of(2000, 1000, 1, 2);
        TestChunk cut = TestChunk.ofBytes(1, Arrays.copyOf(CHUNK.data(), 5), CHUNK.minTime(), CHUNK.maxTime());
        TestChunk large = TestChunk.ofBytes(99, new byte[1000], 0, 0);
        TestChunk small = TestChunk.ofBytes(99, new byte[10], 1, 1);
        return List.of(
                index(Rule.CHUNKS_IN_BLOCK, Consequence.HALT, TestBlocks.sound().series(LATER, before)),
                index(
                        Rule.CHUNKS_BEFORE_END,
                        Consequence.REPAIR,
                        TestBlocks.sound().series(LATER, atEnd)),
                index(
                        Rule.CHUNKS_ORDERED,
                        Consequence.NO_COMPACT,
                        TestBlocks.sound().series(LATER, CHUNK, overlapping)),
                segment(Rule.CHUNKS_APART, Consequence.NONE, only(large, small).with(Flaw.CHUNKS_SHARED)),
                segment(Rule.CHUNK_CHECKSUM, Consequence.HALT, only(CHUNK.withWrongCrc())),
                segment(Rule.CHUNK_DECODABLE, Consequence.UNNOTICED, only(cut)),
                new Case(Rule.SEGMENT_READABLE, Consequence.HALT, "chunks/000001", NONE, parent -> {
                    Path block = only(CHUNK).write(parent);
                    Files.delete(block.resolve("chunks/000001"));
                    return block;
                }));
    }

    private static List<Case> postingsCases() {
        return List.of(
                index(
                        Rule.POSTINGS_ORDERED,
                        Consequence.UNNOTICED,
                        TestBlocks.sound().with(Flaw.POSTINGS_TABLE_REVERSED)),
                index(
                        Rule.POSTINGS_AGREE,
                        Consequence.UNNOTICED,
                        TestBlocks.sound().with(Flaw.LAST_SERIES_UNLISTED)));
    }

    @Test
    void everyRuleHasACase() {
        assertThat(cases().map(Case::rule)).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Rule.class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesTheRuleTheFileAndTheOffset(Case broken) throws IOException {
        Path block = broken.maker().make(dir);

        List<Violation> violations =
                BlockVerifier.verify(block) instanceof Verdict.Broken verdict ? verdict.violations() : List.of();

        assertThat(violations).isNotEmpty().allSatisfy(violation -> {
            assertThat(violation.rule()).as("%s", violation).isEqualTo(broken.rule());
            assertThat(violation.file()).isEqualTo(broken.file());
            if (broken.offset() == NONE) {
                assertThat(violation.offset()).isEqualTo(NONE);
            } else {
                assertThat(violation.offset())
                        .isGreaterThanOrEqualTo(broken.offset())
                        .isLessThan(Files.size(block.resolve(broken.file())));
            }
            assertThat(violation.detail()).isNotBlank();
        });
        assertThat(broken.rule().consequence()).isEqualTo(broken.consequence());
    }

    private static Case index(Rule rule, Consequence consequence, TestBlock block) {
        return new Case(rule, consequence, "index", INDEX_FIRST_SERIES_MIN, block::write);
    }

    private static Case segment(Rule rule, Consequence consequence, TestBlock block) {
        return new Case(rule, consequence, "chunks/000001", SEGMENT_FIRST_CHUNK, block::write);
    }

    private static TestBlock only(TestChunk... chunks) {
        return TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS).series(LATER, chunks);
    }

    private static BlockMeta withSamples(BlockMeta right, long samples) {
        BlockMeta.Stats stats = right.stats();
        return BlockMeta.of(
                right.id(),
                right.range(),
                new BlockMeta.Stats(samples, samples, 0, stats.numSeries(), stats.numChunks(), 0));
    }

    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }
}
