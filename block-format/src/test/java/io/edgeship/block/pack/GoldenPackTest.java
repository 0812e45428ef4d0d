package io.edgeship.block.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks that Prometheus and Thanos wrote.
class GoldenPackTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    Path dir;

    static Stream<Path> blocks() throws IOException {
        try (Stream<Path> tree = Files.walk(GOLDEN)) {
            return tree
                    .filter(path -> path.endsWith("index") && Files.exists(path.resolveSibling("meta.json")))
                    .map(Path::getParent)
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyFileComesBackToTheByte(Path block) throws IOException {
        Path pack = dir.resolve("one.pack");

        PackStats stats = BlockPacker.pack(block, pack);
        UnpackedDirectory.of(pack, dir.resolve("again"));

        assertThat(stats.packBytes()).isEqualTo(Files.size(pack));
        assertThat(stats.isColumnar()).isTrue();
        Map<String, byte[]> again = Blocks.files(dir.resolve("again"));
        assertThat(again.keySet()).isEqualTo(Blocks.files(block).keySet());
        again.forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(Blocks.file(block, path)));
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).as("no temporary file stays").hasSize(2);
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void theSameBlockGivesTheSameBytes(Path block) throws IOException {
        BlockPacker.pack(block, dir.resolve("one.pack"));
        BlockPacker.pack(block, dir.resolve("two.pack"));

        assertThat(dir.resolve("two.pack")).hasSameBinaryContentAs(dir.resolve("one.pack"));
    }
}
