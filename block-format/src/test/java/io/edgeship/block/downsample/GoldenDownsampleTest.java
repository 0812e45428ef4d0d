package io.edgeship.block.downsample;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.diff.BlockDiff;
import io.edgeship.block.tsdb.BlockMeta;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What comes out is what Thanos wrote, to the byte.
class GoldenDownsampleTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("edgeship.weird", "src/test/resources/golden/thanos-0.43"));
    private static final String RAW = "01M83GXYVAYGV8A6NPRWCCD6AA";
    private static final String FIVE_MINUTES = "01M83GXYX4VR2WD0FZS2RKTFY9";
    private static final String ONE_HOUR = "01M83GXZ2AVMEVJC45097EEKWP";

    @TempDir
    private Path out;

    @Test
    void rawSamplesBecomeTheFiveMinuteBlockOfThanos() throws IOException {
        check(RAW, Resolution.FIVE_MINUTES, FIVE_MINUTES);
    }

    @Test
    void fiveMinutesBecomeTheHourBlockOfThanos() throws IOException {
        check(FIVE_MINUTES, Resolution.ONE_HOUR, ONE_HOUR);
    }

    private void check(String from, Resolution resolution, String to) throws IOException {
        Path golden = GOLDEN.resolve(to);

        Path written = BlockDownsampler.downsample(GOLDEN.resolve(from), out, resolution, (_, _) -> {})
                .orElseThrow();

        assertThat(BlockDiff.compare(golden, written, false, _ -> {}).differences())
                .isEmpty();
        assertThat(written.resolve("chunks/000001")).hasSameBinaryContentAs(golden.resolve("chunks/000001"));
        assertThat(written.resolve("index")).hasSameBinaryContentAs(golden.resolve("index"));
        BlockMeta expected = BlockMeta.read(golden.resolve("meta.json"));
        BlockMeta meta = BlockMeta.read(written.resolve("meta.json"));
        assertThat(meta.stats()).isEqualTo(expected.stats());
        assertThat(meta.compaction()).isEqualTo(expected.compaction());
        assertThat(meta.range()).isEqualTo(expected.range());
        assertThat(requireNonNull(meta.thanos()).labels())
                .isEqualTo(requireNonNull(expected.thanos()).labels());
        assertThat(meta.thanos().resolutionMillis()).isEqualTo(resolution.millis());
        assertThat(meta.thanos().source()).isEqualTo("compactor");
        assertThat(meta.thanos().segmentFiles()).isEqualTo(expected.thanos().segmentFiles());
        assertThat(meta.thanos().files()).isEqualTo(expected.thanos().files());
    }
}
