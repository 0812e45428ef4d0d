package io.edgeship.block.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LokiChunkTest {
    private static final Path GOLDEN = Path.of(
            "src/test/resources/golden/loki-3.7.6/fake/843ff034efbfd4eb/MWEyMDAzODE3Njk6MWEyMDA2M2JiMDY6NWQ3Y2Y5NjM=");

    @TempDir
    private Path dir;

    @Test
    void readsTheHeaderThatLokiWrote() throws IOException {
        LokiChunkHeader header = LokiChunkReader.read(GOLDEN);

        assertThat(header.tenant()).isEqualTo("fake");
        assertThat(Long.toHexString(header.fingerprint())).isEqualTo("843ff034efbfd4eb");
        assertThat(header.fromMillis()).isEqualTo(0x1a200381769L);
        assertThat(header.throughMillis()).isEqualTo(0x1a20063bb06L);
        assertThat(header.labels()).containsEntry("__name__", "logs");
        assertThat(header.encoding()).isEqualTo(129);
    }

    @Test
    void nameReadsAndPrintsTheSameLetters() {
        String name = GOLDEN.getFileName().toString();

        assertThat(LokiChunkName.tryParse(name).orElseThrow()).hasToString(name);
        assertThat(LokiChunkName.tryParse("loki_cluster_seed.json")).isEmpty();
        assertThat(LokiChunkName.tryParse("MTp6eg==")).as("1:zz").isEmpty();
    }

    @Test
    void everyCutIsCaughtByTheName() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN);
        Path file = dir.resolve(GOLDEN.getFileName());
        for (int cut = 0; cut < whole.length; cut += 1 + cut / 64) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> LokiChunkReader.read(file)).isInstanceOf(CorruptFormatException.class);
        }
    }

    /// The name's checksum would catch these; the parser below it must hold on its own.
    @Test
    void everyFlippedBitOfTheEnvelopeIsATypedErrorOrAnotherHeader() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN);
        int envelope = 512;
        for (int bit = 0; bit < envelope * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            try {
                LokiChunkReader.parse("flipped", flipped);
            } catch (CorruptFormatException expected) {
                assertThat(expected.file()).isEqualTo("flipped");
            } catch (RuntimeException e) {
                fail("bit %d".formatted(bit), e);
            }
        }
    }
}
