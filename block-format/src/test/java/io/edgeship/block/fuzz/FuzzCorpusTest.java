package io.edgeship.block.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The fuzzer's corpus, and near misses of it: without coverage guidance, but on every build.
class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/fuzz");
    private static final long SEED = 20_261_123;
    private static final int MUTATIONS = 2000;
    private static final int FLIPPED_BYTES_MAX = 1000;

    static Stream<String> readers() throws IOException {
        try (Stream<Path> dirs = Files.list(CORPUS)) {
            return dirs.map(dir -> dir.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void noInputNearTheCorpusIsMoreThanRefused(String name) throws IOException {
        Random random = new Random(SEED);
        List<Path> seeds;
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            seeds = files.sorted().toList();
        }
        assertThat(seeds).isNotEmpty();
        for (Path seed : seeds) {
            byte[] original = Files.readAllBytes(seed);
            ReaderFuzzer.run(ReaderFuzzer.of(name), original);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = mutate(original, random);
                try {
                    ReaderFuzzer.run(ReaderFuzzer.of(name), mutated);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("%s, mutation %d of seed %d".formatted(seed, i, SEED), e);
                }
            }
        }
    }

    /// Chunks of every encoding are among them.
    @ParameterizedTest
    @MethodSource("readers")
    void everyFlippedBitAndEveryCutIsNoMoreThanRefused(String name) throws IOException {
        ReaderFuzzer.Reader reader = ReaderFuzzer.of(name);
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            for (Path seed : files.filter(file -> file.toFile().length() <= FLIPPED_BYTES_MAX)
                    .toList()) {
                byte[] original = Files.readAllBytes(seed);
                for (int bit = 0; bit < original.length * Byte.SIZE; bit++) {
                    byte[] changed = original.clone();
                    changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                    ReaderFuzzer.run(reader, changed);
                }
                for (int cut = 0; cut < original.length; cut++) {
                    ReaderFuzzer.run(reader, Arrays.copyOf(original, cut));
                }
            }
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] mutated =
                Arrays.copyOf(original, random.nextInt(8) == 0 ? random.nextInt(original.length + 1) : original.length);
        for (int i = random.nextInt(8); i >= 0 && mutated.length > 0; i--) {
            mutated[random.nextInt(mutated.length)] = switch (random.nextInt(4)) {
                case 0 -> (byte) 0xff;
                case 1 -> 0;
                default -> (byte) random.nextInt(256);
            };
        }
        return mutated;
    }
}
