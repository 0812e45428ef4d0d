package io.edgeship.block.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.testing.TarGz;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of 168 two-hour blocks, in one pass, come the raw, 5m and 1h blocks of two weeks that Thanos made of them in four
/// hops: to the byte.
class GoldenMergeTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("edgeship.weird", "src/test/resources/golden/thanos-0.43"));
    private static final Map<Long, String> THANOS = Map.of(
            0L, "01M83GXYVAYGV8A6NPRWCCD6AA",
            300_000L, "01M83GXYX4VR2WD0FZS2RKTFY9",
            3_600_000L, "01M83GXZ2AVMEVJC45097EEKWP");

    @TempDir
    private static Path in;

    @TempDir
    private Path out;

    @BeforeAll
    static void unpack() throws IOException {
        TarGz.unpack(GOLDEN.resolve("input.tar.gz"), in);
    }

    @Test
    void allThreeBlocksAreThoseOfThanosToTheByte() throws IOException {
        List<Path> sources = dirs();
        assertThat(sources).hasSize(168);
        MergeCounts counts = Merges.merge(out, new OneToOneMerger(), sources, List.of(0L, 300_000L, 3_600_000L));
        for (long resolution : THANOS.keySet()) {
            check(resolution);
        }
        BlockMeta raw = golden(0);
        assertThat(counts.series()).isEqualTo(raw.stats().numSeries());
        assertThat(counts.floatSamples()).isEqualTo(raw.stats().numFloatSamples());
        assertThat(counts.histogramSamples()).isEqualTo(raw.stats().numHistogramSamples());
    }

    private void check(long resolution) throws IOException {
        Path written = out.resolve(Merges.name(resolution));
        Path golden = GOLDEN.resolve(THANOS.get(resolution));
        assertThat(BlockDiff.compare(golden, written, false, _ -> {}).differences())
                .as("resolution %d", resolution)
                .isEmpty();
        assertThat(written.resolve("chunks/000001")).hasSameBinaryContentAs(golden.resolve("chunks/000001"));
        assertThat(written.resolve("index")).hasSameBinaryContentAs(golden.resolve("index"));
        BlockMeta.Stats stats = BlockMeta.read(written.resolve("meta.json")).stats();
        assertThat(stats.numSamples()).isEqualTo(golden(resolution).stats().numSamples());
        assertThat(stats.numChunks()).isEqualTo(golden(resolution).stats().numChunks());
        assertThat(stats.numSeries()).isEqualTo(golden(resolution).stats().numSeries());
    }

    private static BlockMeta golden(long resolution) throws IOException {
        return BlockMeta.read(GOLDEN.resolve(THANOS.get(resolution)).resolve("meta.json"));
    }

    private static List<Path> dirs() throws IOException {
        try (Stream<Path> dirs = Files.list(in)) {
            return dirs.sorted().toList();
        }
    }
}
