package io.edgeship.queue.transport.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceLengthTest {
    private static final long SEED = 20_261_125;
    private static final long HUGE = 20L << 30;

    @Test
    void followsTheLinkWithinBounds() {
        PieceLength length = PieceLength.of(1000 << 20);

        assertThat(length.next(new Pieces.Gap(0, 1000 << 20), 70_000)).isEqualTo(70_000);
        assertThat(length.next(new Pieces.Gap(0, 69_999), 70_000)).isEqualTo(69_999);
        assertThat(length.next(new Pieces.Gap(0, 1000 << 20), 1L << 40)).isEqualTo(PieceName.LENGTH_MAX);
        assertThat(length.next(new Pieces.Gap(0, 5), 0)).isEqualTo(5);
    }

    @Test
    void aLongStreamHasNoMorePiecesThanAManifestTakesHoweverShortTheLinkWantsThem() {
        for (long stream : new long[] {HUGE, HUGE + 1, PieceLength.STREAM_BYTES_MAX}) {
            PieceLength length = PieceLength.of(stream);
            Random random = new Random(SEED);
            int pieces = 0;
            for (long offset = 0; offset < stream; pieces++) {
                offset += length.next(new Pieces.Gap(offset, stream - offset), random.nextInt(100_000));
            }
            assertThat(pieces).as("%d bytes, seed %d", stream, SEED).isLessThanOrEqualTo(TransportMessages.PIECES_MAX);
        }
    }

    /// Pieces that are owed again are cut anew, never into any that are too short.
    @Test
    void noPieceOfALongStreamIsShorterThanTheLeast() {
        Random random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            PieceLength length = new PieceLength(1 + random.nextInt(PieceName.LENGTH_MAX / 2));
            long gap = length.leastBytes() + random.nextLong(20L << 20);
            for (long left = gap; left > 0; ) {
                int piece = length.next(new Pieces.Gap(gap - left, left), random.nextInt(9 << 20));
                assertThat(piece)
                        .as("%d of %d, least %d, seed %d", left, gap, length.leastBytes(), SEED)
                        .isBetween(length.leastBytes(), PieceName.LENGTH_MAX);
                left -= piece;
            }
        }
    }
}
