package io.edgeship.block.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockVerifierTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final String SMALL = "01M83GSE5DPDK87AWYMSGXDHS9";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"01M83GSE62ARGZ6NS2THBV0E4Q", SMALL, "01M83GR348Y4934FR7CE7TVV09"})
    void blocksOfPrometheusAreSound(String block) throws IOException {
        assertThat(BlockVerifier.verify(GOLDEN.resolve(block))).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.content().series()).isEqualTo(sound.meta().stats().numSeries());
            assertThat(sound.content().samples()).isEqualTo(sound.meta().stats().numSamples());
        });
    }

    @Test
    void everyFlippedBitOfASegmentIsFoundExceptInThePadding() throws IOException {
        Path block = copy();
        Path segment = block.resolve("chunks/000001");
        byte[] whole = Files.readAllBytes(segment);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            flip(segment, whole, bit);
            boolean padding = bit / 8 >= 5 && bit / 8 < 8; // three zeroes that no checksum covers
            assertThat(isSound(block)).as("bit %d", bit).isEqualTo(padding);
        }
    }

    /// What no checksum and no rule covers is listed here: padding, and label indices, which nobody reads.
    @Test
    void aFlippedBitOfTheIndexIsFoundOrHarmless() throws IOException {
        Path block = copy();
        Path index = block.resolve("index");
        byte[] whole = Files.readAllBytes(index);
        int missed = 0;
        for (int bit = 0; bit < whole.length * 8; bit += 7) {
            flip(index, whole, bit);
            missed += isSound(block) ? 1 : 0;
        }
        System.out.printf("index of %d bytes: %d of %d flips not found%n", whole.length, missed, whole.length * 8 / 7);
        assertThat(missed).isLessThan(whole.length * 8 / 7 / 100 * 97);
    }

    @Test
    void everyCutIsFound() throws IOException {
        for (String name : List.of("chunks/000001", "index", "meta.json", "tombstones")) {
            Path block = copy();
            Path file = block.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int cut = 0; cut < whole.length; cut += 1 + whole.length / 500) {
                Files.write(file, Arrays.copyOf(whole, cut));
                assertThat(isSound(block)).as("%s cut at %d", name, cut).isFalse();
            }
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Path block = copy();
        Files.delete(block.resolve("chunks/000001"));

        assertThat(violations(block)).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.SEGMENT_READABLE);
            assertThat(violation.file()).isEqualTo("chunks/000001");
        });
    }

    @Test
    void aDamagedChunkIsNamedWithFileAndOffset() throws IOException {
        Path block = copy();
        Path segment = block.resolve("chunks/000001");
        byte[] whole = Files.readAllBytes(segment);
        flip(segment, whole, (whole.length - 20) * 8);

        assertThat(violations(block)).first().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.CHUNK_CHECKSUM);
            assertThat(violation.offset()).isPositive();
        });
    }

    @Test
    void rulesOfMetaAreChecked() throws IOException {
        assertThat(brokenRule("\"minTime\": 1795414320000", "\"minTime\": 1795414500000"))
                .isEqualTo(Rule.CHUNKS_IN_BLOCK);
        assertThat(brokenRule("\"numSamples\": 21", "\"numSamples\": 22")).isEqualTo(Rule.TOTALS_AGREE);
        assertThat(brokenRule("\"numSeries\": 1", "\"numSeries\": 2")).isEqualTo(Rule.TOTALS_AGREE);
        assertThat(brokenRule("\"ulid\": \"" + SMALL, "\"ulid\": \"01M83GSE5DPDK87AWYMSGXDHS8"))
                .isEqualTo(Rule.META_READABLE);
        assertThat(brokenRule("\"version\": 1", "\"version\": 7")).isEqualTo(Rule.META_READABLE);
    }

    private Rule brokenRule(String from, String to) throws IOException {
        Path block = copy();
        Path meta = block.resolve(BlockMeta.FILE_NAME);
        String json = Files.readString(meta);
        assertThat(json).contains(from);
        Files.writeString(meta, json.replace(from, to));
        return violations(block).getFirst().rule();
    }

    private static boolean isSound(Path block) throws IOException {
        return BlockVerifier.verify(block) instanceof Verdict.Sound;
    }

    private static List<Violation> violations(Path block) throws IOException {
        return BlockVerifier.verify(block) instanceof Verdict.Broken broken ? broken.violations() : List.of();
    }

    private static void flip(Path file, byte[] whole, int bit) throws IOException {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, flipped);
    }

    private Path copy() throws IOException {
        Path target = Files.createTempDirectory(dir, "block").resolve(SMALL);
        try (Stream<Path> files = Files.walk(GOLDEN.resolve(SMALL))) {
            for (Path file : files.toList()) {
                Path to = target.resolve(GOLDEN.resolve(SMALL).relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return target;
    }
}
