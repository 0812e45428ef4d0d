package io.edgeship.block.loki;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every spelling of a chunk's name is read as the chunk that it was written for, and nothing else is read.
class LokiChunkKeyTest {
    private static final long SEED = 20_261_126;

    @Test
    void eachSpellingIsReadAsItWasWritten() {
        Random random = new Random(SEED);
        for (int i = 0; i < 1000; i++) {
            long from = random.nextLong(1L << 45);
            LokiChunkName name = new LokiChunkName(from, from + random.nextInt(), random.nextInt());
            LokiChunkKey key = new LokiChunkKey(
                    List.of("fake", "a-b.c", "1-2-3-4-x").get(i % 3), random.nextLong() >>> i % 64, name);
            boolean timed = name.throughMillis() >= from;
            assertThat(LokiChunkKey.tryParse(key.toString()))
                    .as("seed %d", SEED)
                    .contains(key);
            assertThat(LokiChunkKey.ofOneName(key.oneName()))
                    .as("seed %d: %s", SEED, key)
                    .isEqualTo(Optional.of(key).filter(_ -> timed));
            Path newer = key.paths(Path.of("root")).getFirst();
            Path older = key.paths(Path.of("root")).getLast();
            assertThat(LokiChunkKey.ofFolders(
                            newer.getName(1).toString(),
                            newer.getName(2).toString(),
                            newer.getName(3).toString()))
                    .as("seed %d: %s", SEED, newer)
                    .isEqualTo(Optional.of(key).filter(_ -> timed));
            assertThat(LokiChunkKey.ofFlat(
                            older.subpath(1, older.getNameCount()).toString()))
                    .as("seed %d: %s", SEED, older)
                    .isEqualTo(Optional.of(key).filter(_ -> timed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fake",
                "fake/1/1:2",
                "fake/1/1:2:3:4",
                "fake/01/1:2:3",
                "fake/1/1:2:00000000a",
                "fake/1/1:2:A",
                "fa ke/1/1:2:3",
                "../1/1:2:3",
                "./1/1:2:3",
                "a/b/1/1:2:3",
                "fake/12345678901234567/1:2:3"
            })
    void whatLokiWouldSpellOtherwiseIsNoKey(String key) {
        assertThat(LokiChunkKey.tryParse(key)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1-2-3-4", "1-2-3-4-", "1-2-3-4-..", "1-3-2-4-fake", "1-2-3-123456789-fake", "x-2-3-4-a"})
    void whatNoChunkIsCalledIsNoName(String name) {
        assertThat(LokiChunkKey.ofOneName(name)).isEmpty();
    }

    @Test
    void itsLinesEndJustPastTheLastOne() {
        LokiChunkKey key = LokiChunkKey.tryParse("fake/1/10:20:3").orElseThrow();
        assertThat(key.range().minTime()).isEqualTo(16);
        assertThat(key.range().maxTime()).isEqualTo(33);
    }
}
