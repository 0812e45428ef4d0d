package io.edgeship.block.tsdb.tombstones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgeship.block.encoding.ByteSource;
import io.edgeship.block.encoding.CorruptFormatException;
import io.edgeship.block.encoding.UnsupportedVersionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class TombstonesReaderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /// By hand from the package's page: series 3, -1 to 1; series 300, 1000 to 2000. The checksum comes after.
    private static final byte[] TWO = HexFormat.of().parseHex("0130ba3001" + "030102" + "ac02d00fa01f");

    @Test
    void anEmptyFileOfPrometheusHoldsNone() throws IOException {
        assertThat(read(Files.readAllBytes(GOLDEN.resolve("prometheus-2.42/tombstones"))))
                .isEmpty();
    }

    @Test
    void readsSeriesAndSignedTimes() throws IOException {
        assertThat(read(withChecksum(TWO))).containsExactly(new Tombstone(3, -1, 1), new Tombstone(300, 1000, 2000));
    }

    @Test
    void everyCutIsATypedError() {
        byte[] whole = withChecksum(TWO);
        for (int cut = 0; cut < whole.length; cut++) {
            byte[] bytes = Arrays.copyOf(whole, cut);
            assertThatThrownBy(() -> read(bytes)).as("cut at %d", cut).isInstanceOf(CorruptFormatException.class);
        }
    }

    @Test
    void everyFlippedBitIsATypedError() {
        byte[] whole = withChecksum(TWO);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] bytes = whole.clone();
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> read(bytes))
                    .as("bit %d", bit)
                    .isInstanceOfAny(CorruptFormatException.class, UnsupportedVersionException.class);
        }
    }

    @Test
    void anErrorNamesFileAndOffset() {
        byte[] bytes = withChecksum(TWO);
        bytes[6] ^= 4;

        assertThatThrownBy(() -> read(bytes)).isInstanceOfSatisfying(CorruptFormatException.class, e -> {
            assertThat(e.file()).isEqualTo("tombstones");
            assertThat(e.offset()).isEqualTo(bytes.length - 4L);
        });
    }

    private static byte[] withChecksum(byte[] file) {
        CRC32C crc = new CRC32C();
        crc.update(file, 5, file.length - 5);
        return ByteBuffer.allocate(file.length + Integer.BYTES)
                .put(file)
                .putInt((int) crc.getValue())
                .array();
    }

    private static List<Tombstone> read(byte[] bytes) throws IOException {
        List<Tombstone> tombstones = new ArrayList<>();
        TombstonesReader.forEach(ByteSource.of("tombstones", bytes), tombstones::add);
        return tombstones;
    }
}
