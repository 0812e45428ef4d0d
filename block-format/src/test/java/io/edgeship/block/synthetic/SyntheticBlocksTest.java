package io.edgeship.block.synthetic;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.thanos.ThanosMeta;
import io.edgeship.block.tsdb.BlockMeta;
import io.edgeship.block.tsdb.chunks.Encoding;
import io.edgeship.block.verify.BlockVerifier;
import io.edgeship.block.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticBlocksTest {
    private static final SyntheticSpec SPEC = SyntheticSpec.parse("sites=2,series=120,days=1,step=60s,seed=5");

    @TempDir
    private Path dir;

    @Test
    void aDayOfASiteIsTwelveSoundBlocksOfItsLabel() throws IOException {
        List<Path> blocks = SyntheticBlocks.write(SPEC, 1, dir, _ -> {});

        assertThat(blocks).hasSize(12);
        Set<Encoding> encodings = new HashSet<>();
        long before = SPEC.start().toEpochMilli();
        for (Path block : blocks) {
            Verdict verdict = BlockVerifier.verify(block);
            assertThat(verdict).isInstanceOf(Verdict.Sound.class);
            encodings.addAll(
                    ((Verdict.Sound) verdict).content().chunksByEncoding().keySet());
            BlockMeta meta = BlockMeta.read(block.resolve("meta.json"));
            ThanosMeta thanos = requireNonNull(meta.thanos());
            assertThat(thanos.labels()).isEqualTo(Map.of("site", "site-001"));
            assertThat(thanos.segmentFiles()).containsExactly("000001");
            assertThat(meta.range().minTime()).isGreaterThanOrEqualTo(before);
            assertThat(meta.range().maxTime()).isEqualTo(before + 7_200_000);
            assertThat(meta.stats().numSamples()).isBetween(115L * 120, 120L * 120);
            before = meta.range().maxTime();
        }
        assertThat(encodings).containsExactlyInAnyOrder(Encoding.XOR, Encoding.HISTOGRAM);
    }

    @Test
    void theSameSpecificationGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        Path first = SyntheticBlocks.write(SPEC, 0, Files.createDirectory(dir.resolve("a")), _ -> {})
                .getFirst();
        Path again = SyntheticBlocks.write(SPEC, 0, Files.createDirectory(dir.resolve("b")), _ -> {})
                .getFirst();
        SyntheticSpec otherSpec = SyntheticSpec.parse("sites=2,series=120,days=1,step=60s,seed=6");
        Path other = SyntheticBlocks.write(otherSpec, 0, Files.createDirectory(dir.resolve("c")), _ -> {})
                .getFirst();

        assertThat(again.getFileName()).isEqualTo(first.getFileName());
        for (String file : List.of("meta.json", "index", "chunks/000001")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
        assertThat(other.getFileName()).isNotEqualTo(first.getFileName());
        assertThat(Files.mismatch(other.resolve("chunks/000001"), first.resolve("chunks/000001")))
                .isNotNegative();
    }

    @Test
    void whatIsLeftOutOfASpecificationIsAsThePageSays() {
        assertThat(SyntheticSpec.parse("seed=2"))
                .hasToString("sites=10,series=1200,days=15,step=30s,seed=2,start=2026-01-01");
        assertThat(SyntheticSpec.parse("step=1h,start=2020-02-29,days=1,sites=3,series=7")
                        .samples())
                .isEqualTo(3 * 7 * 24);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sites",
                "sites=",
                "sites=0",
                "sites=x",
                "sites=10001",
                "series=10000001",
                "days=0",
                "step=0s",
                "step=2h",
                "step=10",
                "step=999999999999s",
                "start=2026",
                "seed=-1",
                "what=1",
                "sites=1,sites=1",
                "seed=99999999999"
            })
    void aWrongSpecificationIsRefused(String spec) {
        assertThatThrownBy(() -> SyntheticSpec.parse(spec)).isInstanceOf(IllegalArgumentException.class);
    }
}
