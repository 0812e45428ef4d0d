package io.edgeship.compact.intake;

import static io.edgeship.compact.intake.RejectedException.require;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;
import io.edgeship.block.message.v1.Manifest;
import java.util.Arrays;

/// The pieces that an item's stream is cut into, by its manifest. Immutable.
public final class PieceCut {
    private final long[] offsets;
    private final int[] lengths;
    private final int[] crcs;

    private PieceCut(long[] offsets, int[] lengths, int[] crcs) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.crcs = crcs;
    }

    /// How long the stream may be is for the caller to check.
    public static PieceCut of(Manifest manifest) throws RejectedException {
        int pieces = manifest.getPieceLengthsCount();
        int crcCount = manifest.getPieceCrc32CCount();
        require(pieces == crcCount, "pieces.counts", "%d lengths, %d checksums", pieces, crcCount);
        int most = TransportMessages.PIECES_MAX;
        require(pieces >= 1 && pieces <= most, "pieces.count", "is %d, limit %d", pieces, most);
        long[] offsets = new long[pieces];
        int[] lengths = new int[pieces];
        int[] crcs = new int[pieces];
        long end = 0;
        for (int i = 0; i < pieces; i++) {
            offsets[i] = end;
            lengths[i] = manifest.getPieceLengths(i);
            crcs[i] = manifest.getPieceCrc32C(i);
            require(
                    lengths[i] >= 1 && lengths[i] <= PieceName.LENGTH_MAX,
                    "pieces.length",
                    "piece %d has %s bytes, limit %d",
                    i,
                    Integer.toUnsignedString(lengths[i]),
                    PieceName.LENGTH_MAX);
            end += lengths[i];
        }
        return new PieceCut(offsets, lengths, crcs);
    }

    /// How many there are.
    public int pieces() {
        return offsets.length;
    }

    /// Of what the pieces hold.
    public long streamBytes() {
        return offsets[pieces() - 1] + lengths[pieces() - 1];
    }

    public PieceName piece(int number) {
        return new PieceName(offsets[number], lengths[number], crcs[number]);
    }

    /// The number of the piece that holds a byte of the stream.
    int pieceAt(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : -found - 2;
    }

    /// The number of a piece, or -1 for one of another cut.
    int numberOf(PieceName piece) {
        int found = Arrays.binarySearch(offsets, piece.offset());
        return found >= 0 && piece(found).equals(piece) ? found : -1;
    }
}
