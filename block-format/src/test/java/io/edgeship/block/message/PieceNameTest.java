package io.edgeship.block.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceNameTest {
    private static final long SEED = 20_261_125;

    /// The checksum of "123456789" is the check value that every description of CRC-32C gives.
    @Test
    void tellsPlaceLengthAndCastagnoliChecksum() {
        byte[] bytes = "123456789 and more".getBytes(StandardCharsets.US_ASCII);

        assertThat(PieceName.of(65_536, bytes, 9)).hasToString("000000065536-0000009-e3069283");
    }

    @Test
    void everyNameIsReadBackAndNamesSortAsPiecesLie() {
        Random random = new Random(SEED);
        PieceName before = new PieceName(0, 1, 0);
        for (int i = 0; i < 1000; i++) {
            PieceName piece = new PieceName(
                    random.nextLong(PieceName.OFFSET_MAX), 1 + random.nextInt(PieceName.LENGTH_MAX), random.nextInt());
            assertThat(PieceName.tryParse(piece.toString())).as("seed %d", SEED).contains(piece);
            if (piece.offset() != before.offset()) {
                assertThat(piece.toString().compareTo(before.toString()) > 0)
                        .as("seed %d", SEED)
                        .isEqualTo(piece.offset() > before.offset());
            }
            before = piece;
        }
        PieceName last = new PieceName(PieceName.OFFSET_MAX - 1, PieceName.LENGTH_MAX, -1);
        assertThat(PieceName.tryParse(last.toString())).contains(last);
        assertThat(last.end()).isEqualTo(PieceName.OFFSET_MAX - 1 + PieceName.LENGTH_MAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "manifest.pb",
                "000000065536-0000009-E3069283",
                "000000065536-0000009-e306928",
                "000000065536-0000009-e30692833",
                "00000065536-0000009-e3069283",
                "0000000065536-0000009-e3069283",
                "000000065536-0000000-e3069283",
                "000000065536-8388609-e3069283",
                "-00000065536-0000009-e3069283",
                "000000065536-+000009-e3069283",
                "٠٠٠٠٠٠٠٦٥٥٣٦-0000009-e3069283",
                "000000065536-0000009-e3069283\n",
                "000000065536-0000009-e3069283/x"
            })
    void anyOtherNameIsNoPieces(String name) {
        assertThat(PieceName.tryParse(name)).isEmpty();
    }

    @Test
    void aPieceHasBytesAndAPlace() {
        for (long offset : new long[] {-1, PieceName.OFFSET_MAX, Long.MIN_VALUE}) {
            assertThat(PieceName.tryOf(offset, 1, 0)).isEmpty();
            assertThatThrownBy(() -> new PieceName(offset, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int length : List.of(0, -1, PieceName.LENGTH_MAX + 1)) {
            assertThat(PieceName.tryOf(0, length, 0)).isEmpty();
            assertThatThrownBy(() -> new PieceName(0, length, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
