package io.edgeship.block.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.LabelSet;
import io.edgeship.block.TimeRange;
import io.edgeship.block.testing.TestBlock;
import io.edgeship.block.testing.TestChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDiffTest {
    private static final BlockId ID = BlockId.parse("01KB0000000000000000000000");
    private static final LabelSet UP = LabelSet.ofSorted("__name__", "up");
    private static final LabelSet DOWN = LabelSet.ofSorted("__name__", "down");

    @TempDir
    private Path dir;

    private int blocks;

    @Test
    void howSamplesAreCutMakesNoDifference() throws IOException {
        BlockDiff.Result result = compare(
                block().series(UP, TestChunk.of(0, 1000, 1, 2, 3)),
                block().series(UP, TestChunk.of(0, 1000, 1, 2), TestChunk.of(2000, 1000, 3)));

        assertThat(result.differences()).isEmpty();
        assertThat(result.series()).isEqualTo(1);
        assertThat(result.samples()).isEqualTo(3);
    }

    @Test
    void aValueATimeAndAMissingSampleAreNamedWithBothSides() throws IOException {
        BlockDiff.Result result = compare(
                block().series(UP, TestChunk.of(0, 1000, 1, 2, 3)), block().series(UP, TestChunk.of(0, 1000, 1, 5)));

        assertThat(result.differences())
                .extracting(Difference::toString)
                .containsExactly("{__name__=\"up\"} at 1000\n  < 2.0\n  > 5.0", "{__name__=\"up\"} at 2000\n  < 3.0");
        assertThat(result.samples()).isEqualTo(3);
    }

    @Test
    void aBitOfANanIsADifference() throws IOException {
        assertThat(compare(
                                block().series(UP, TestChunk.of(0, 1000, Double.NaN)),
                                block().series(UP, TestChunk.of(0, 1000, Double.longBitsToDouble(0x7ff8000000000001L))))
                        .differences())
                .singleElement()
                .hasToString("{__name__=\"up\"} at 0\n  < NaN (0x7ff8000000000000)\n  > NaN (0x7ff8000000000001)");
    }

    @Test
    void zeroesOfBothSignsDiffer() throws IOException {
        assertThat(compare(
                                block().series(UP, TestChunk.of(0, 1000, 0.0)),
                                block().series(UP, TestChunk.of(0, 1000, -0.0)))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void seriesThatOnlyOneBlockHasAreNamed() throws IOException {
        BlockDiff.Result result = compare(
                block().series(UP, TestChunk.of(0, 1000, 1)), block().series(DOWN, TestChunk.of(7000, 1000, 1)));

        assertThat(result.differences())
                .extracting(Difference::toString)
                .containsExactly(
                        "{__name__=\"down\"} at 7000\n  > a series of 1 chunks",
                        "{__name__=\"up\"} at 0\n  < a series of 1 chunks");
        assertThat(result.series()).isEqualTo(2);
    }

    @Test
    void onlyTheFirstDifferencesAreKept() throws IOException {
        double[] ones = new double[100];
        double[] twos = new double[100];
        Arrays.fill(twos, 2);
        BlockDiff.Result result = compare(
                block().series(UP, TestChunk.of(0, 1000, ones)), block().series(UP, TestChunk.of(0, 1000, twos)));

        assertThat(result.count()).isEqualTo(100);
        assertThat(result.differences()).hasSize(BlockDiff.DIFFERENCES_KEPT);
    }

    @Test
    void aggregatesAreComparedByTheirBytes() throws IOException {
        Path golden = Path.of("src/test/resources/golden/thanos-0.43/01M83GXZ2AVMEVJC45097EEKWP");

        assertThat(BlockDiff.compare(golden, golden, false, _ -> {}).count()).isZero();
        assertThat(compare(
                                block().series(UP, TestChunk.ofBytes(255, new byte[] {1}, 0, 0)),
                                block().series(UP, TestChunk.ofBytes(255, new byte[] {2}, 0, 0)))
                        .count())
                .isEqualTo(1);
    }

    private BlockDiff.Result compare(TestBlock first, TestBlock second) throws IOException {
        return BlockDiff.compare(write(first), write(second), false, _ -> {});
    }

    private Path write(TestBlock block) throws IOException {
        return block.write(Files.createDirectory(dir.resolve("in-" + blocks++)));
    }

    private static TestBlock block() {
        return TestBlock.of(ID, new TimeRange(0, 7_200_000));
    }
}
