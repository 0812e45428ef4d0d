package io.edgeship.block.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.LabelSet;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestBlocks;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockVerifierTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/prometheus-3.14");
    private static final String LARGE = "01M83GSE62ARGZ6NS2THBV0E4Q";
    private static final long SEED = 20_261_123;
    private static final int DAMAGES = 100;
    private static final String SMALL = "01M83GSE5DPDK87AWYMSGXDHS9";

    /// A prime, so that every bit of a byte has its turn.
    private static final int BITS_APART = 131;

    private static final int PADDING_MAX = 16 * 8 / BITS_APART + 2;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {LARGE, SMALL, "01M83GR348Y4934FR7CE7TVV09"})
    void blocksOfPrometheusAreSound(String block) throws IOException {
        assertThat(BlockVerifier.verify(GOLDEN.resolve(block))).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.content().series()).isEqualTo(sound.meta().stats().numSeries());
            assertThat(sound.content().samples()).isEqualTo(sound.meta().stats().numSamples());
        });
    }

    @Test
    void aWatcherHearsOfEverySeries() throws IOException {
        List<String> heard = new ArrayList<>();

        BlockVerifier.verify(TestBlocks.sound().write(dir), (done, total) -> heard.add(done + " of " + total));

        assertThat(heard).containsExactly("1 of 3", "2 of 3", "3 of 3");
    }

    @Test
    void theLastViolationThatIsReportedMayBeAnUnreadableIndex() throws IOException {
        TestBlock description = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS);
        for (int i = 1; i < BlockVerifier.VIOLATIONS_MAX; i++) {
            description.series(LabelSet.ofSorted("__name__", "m" + i)); // without chunks
        }
        Path block = description.write(dir);
        Path index = block.resolve("index");
        byte[] whole = Files.readAllBytes(index);
        flip(index, whole, (whole.length - 53) * 8); // the checksum of the postings offset table

        assertThat(BlockVerifier.verify(block)).isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
            assertThat(broken.violations()).hasSize(BlockVerifier.VIOLATIONS_MAX);
            assertThat(broken.violations().getLast().rule()).isEqualTo(Rule.INDEX_READABLE);
        });
    }

    /// As Thanos, to the millisecond: Prometheus' own blocks end before their maxTime.
    @Test
    void aChunkMayEndAtTheEndOfTheBlockButNotGoOn() throws IOException {
        long end = TestBlocks.TWO_HOURS.maxTime();
        LabelSet labels = LabelSet.ofSorted("__name__", "m");

        assertThat(isSound(TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                        .series(labels, TestChunk.of(end - 1, 1, 1, 2))
                        .write(dir)))
                .isTrue();
        assertThat(isSound(TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                        .series(labels, TestChunk.of(end - 1, 1, 1, 2, 3))
                        .write(dir)))
                .isFalse();
    }

    @Test
    void duplicateChunksAreCountedAndSeveralSegmentsAndNoSeriesAreSound() throws IOException {
        TestChunk chunk = TestChunk.of(0, 1, 1, 2);
        TestBlock twice = TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS)
                .series(LabelSet.ofSorted("__name__", "m"), chunk, chunk);

        assertThat(BlockVerifier.verify(twice.write(dir.resolve("twice"))))
                .isInstanceOfSatisfying(
                        Verdict.Sound.class,
                        sound -> assertThat(sound.content().duplicateChunks()).isOne());
        Path three = TestBlocks.sound().chunksPerSegment(2).write(dir.resolve("three"));
        assertThat(three.resolve("chunks/000003")).isRegularFile();
        assertThat(isSound(three)).isTrue();
        assertThat(isSound(TestBlock.of(TestBlocks.ID, TestBlocks.TWO_HOURS).write(dir.resolve("none"))))
                .isTrue();
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

    /// What no checksum covers is padding, and that is zero.
    @Test
    void everyFlippedBitOfTheIndexIsFoundExceptInThePadding() throws IOException {
        Path block = copy();
        Path index = block.resolve("index");
        byte[] whole = Files.readAllBytes(index);
        int missed = 0;
        for (int bit = 0; bit < whole.length * 8; bit += BITS_APART) {
            flip(index, whole, bit);
            if (isSound(block)) {
                missed++;
                assertThat(whole[bit / 8]).as("byte %d", bit / 8).isZero();
            }
        }
        assertThat(missed).isLessThan(PADDING_MAX);
    }

    @Test
    void damageOfALargerBlockEndsInAVerdict() throws IOException {
        Path block = copy(LARGE);
        Random random = new Random(SEED);
        System.out.println("seed " + SEED);
        for (String name : List.of("chunks/000001", "index", "meta.json")) {
            Path file = block.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < DAMAGES; i++) {
                flip(file, whole, random.nextInt(whole.length * 8));
                assertThat(BlockVerifier.verify(block)).isNotNull();
                int cut = random.nextInt(whole.length);
                Files.write(file, Arrays.copyOf(whole, cut));
                assertThat(isSound(block)).as("%s cut at %d", name, cut).isFalse();
            }
            Files.write(file, whole);
        }
        assertThat(isSound(block)).isTrue();
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

    private static boolean isSound(Path block) throws IOException {
        return BlockVerifier.verify(block) instanceof Verdict.Sound;
    }

    private static void flip(Path file, byte[] whole, int bit) throws IOException {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(file, flipped);
    }

    private Path copy() throws IOException {
        return copy(SMALL);
    }

    private Path copy(String block) throws IOException {
        Path target = Files.createTempDirectory(dir, "block").resolve(block);
        try (Stream<Path> files = Files.walk(GOLDEN.resolve(block))) {
            for (Path file : files.toList()) {
                Path to = target.resolve(GOLDEN.resolve(block).relativize(file).toString());
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
