package io.edgeship.block.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lines, labels and metadata of chunks that a real Loki wrote.
class LokiLinesTest {
    private static final long SEED = 20_261_126;

    @ParameterizedTest
    @EnumSource
    void everyLineThatWasPushedIsRead(LokiCodec codec) throws IOException {
        Path dir = GoldenLoki.CODECS.resolve(codec.label());
        List<LokiChunk> chunks =
                GoldenLoki.chunkFiles(dir).stream().map(GoldenLoki::open).toList();

        assertThat(chunks).isNotEmpty().allSatisfy(chunk -> {
            assertThat(chunk.codec()).isEqualTo(codec);
            assertThat(chunk.version()).isEqualTo(4);
            assertThat(chunk.entries()).isEqualTo(400);
        });
        assertThat(GoldenLoki.read(chunks)).containsExactlyInAnyOrderElementsOf(GoldenLoki.pushed(dir));
    }

    @Test
    void everyLineOfAWholeDirectoryIsRead() throws IOException {
        List<LokiChunk> chunks = GoldenLoki.chunkFiles(GoldenLoki.WHOLE).stream()
                .map(GoldenLoki::open)
                .toList();

        assertThat(GoldenLoki.read(chunks)).containsExactlyInAnyOrderElementsOf(GoldenLoki.pushed(GoldenLoki.WHOLE));
    }

    @Test
    void readsAChunkOfANewerLoki() throws IOException {
        LokiChunk chunk = LokiChunkReader.open("golden", Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.chunk")));

        assertThat(chunk.header().ingestedMillis()).isZero();
        assertThat(chunk.name().crc32c()).isEqualTo(0xf0fc95b8);
        chunk.forEachEntry(entry -> {
            assertThat(entry.line()).asString().isEqualTo("hi");
            assertThat(entry.metadata()).containsExactly(new LokiEntry.Pair("detected_level", "unknown"));
        });
        assertThat(chunk.entries()).isOne();
    }

    @Test
    void everyCutIsATypedErrorWithoutTheNamesHelp() throws IOException {
        byte[] whole = Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.chunk"));

        for (int cut = 0; cut < whole.length; cut++) {
            byte[] part = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> LokiChunkReader.open("cut", part))
                    .as("cut at %d", cut)
                    .isInstanceOf(CorruptFormatException.class)
                    .hasMessageStartingWith("cut at offset ");
        }
    }

    @Test
    void everyFlippedBitBehindTheHeaderIsATypedError() throws IOException {
        byte[] whole = Files.readAllBytes(GoldenLoki.NEWER.resolve("golden.chunk"));
        int dataLen = 213; // where the header ends
        for (int bit = dataLen * Byte.SIZE; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            try {
                LokiChunkReader.open("flipped", flipped).forEachEntry(_ -> {});
                fail("bit %d went unnoticed", bit);
            } catch (CorruptFormatException | UnsupportedVersionException expected) {
                assertThat(expected).hasMessageStartingWith("flipped ");
            }
        }
    }

    /// Where checksums hold by luck or malice, each codec's own reader must refuse in a typed way.
    @ParameterizedTest
    @EnumSource
    void bytesThatACodecCannotUnpackAreATypedError(LokiCodec codec) throws IOException {
        byte[] plain = "the same line, the same line, the same line".repeat(40).getBytes(StandardCharsets.UTF_8);
        byte[] packed = codec.pack(plain);
        assertThat(codec.unpack(new ByteArrayInputStream(packed)).readAllBytes())
                .isEqualTo(plain);
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = Arrays.copyOf(packed, random.nextInt(packed.length + 1));
            if (changed.length > 0) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                byte[] unpacked = LokiBlockReader.unpacking(
                        () -> codec.unpack(new ByteArrayInputStream(changed)).readNBytes(1 << 20));
                assertThat(unpacked.length)
                        .as("%s, seed %d, case %d", codec, SEED, i)
                        .isLessThanOrEqualTo(1 << 20);
            } catch (LokiBlockReader.UnpackingException refused) {
                assertThat(refused.getCause()).isNotInstanceOf(Error.class);
            }
        }
    }
}
