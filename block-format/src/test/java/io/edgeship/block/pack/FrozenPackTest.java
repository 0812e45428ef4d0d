package io.edgeship.block.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a release packed is unpacked for ever. The packs are never written again; a later version of the format adds
/// its own.
class FrozenPackTest {
    private static final Path RELEASE = Path.of("src/test/resources/golden/edgeship-0.1");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path dir;

    /// Floats of a real Prometheus.
    @Test
    void theFloatsOfAReleaseArePackedAndUnpackedAsThen() throws IOException {
        same(RELEASE.resolve("floats.pack"), GOLDEN.resolve("prometheus-3.14/01M83GSE62ARGZ6NS2THBV0E4Q"));
    }

    /// Histograms of every kind, and XOR2 with start timestamps.
    @Test
    void theHistogramsOfAReleaseArePackedAndUnpackedAsThen() throws IOException {
        same(
                RELEASE.resolve("histograms.pack"),
                GOLDEN.resolve("prometheus-3.14-start-timestamps/01M84GAHZ8Q664ZZWZWWTSKWQD"));
    }

    private void same(Path frozen, Path block) throws IOException {
        UnpackedDirectory.of(frozen, dir.resolve("again"));
        Map<String, byte[]> again = Blocks.files(dir.resolve("again"));
        assertThat(again.keySet()).isEqualTo(Blocks.files(block).keySet());
        again.forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(Blocks.file(block, path)));

        BlockPacker.pack(block, dir.resolve("new.pack"));
        assertThat(dir.resolve("new.pack")).hasSameBinaryContentAs(frozen);
    }
}
