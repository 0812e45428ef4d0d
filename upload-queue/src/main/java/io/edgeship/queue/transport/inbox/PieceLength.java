package io.edgeship.queue.transport.inbox;

import io.edgeship.block.message.PieceName;
import io.edgeship.block.message.TransportMessages;

/// How long the pieces of a stream are: what the link likes, but for very long streams never so short that there would
/// be more than [TransportMessages#PIECES_MAX] of them. Every piece has the least length or is all that was owed there,
/// so a piece that is owed again can be cut again without making more of them than fit.
///
/// @param leastBytes what a piece has unless less is owed; at most half of [PieceName#LENGTH_MAX]
record PieceLength(int leastBytes) {
    /// 781 GiB; no block comes near.
    static final long STREAM_BYTES_MAX = (long) TransportMessages.PIECES_MAX * (PieceName.LENGTH_MAX / 2);

    /// @param streamBytes at most [#STREAM_BYTES_MAX]
    static PieceLength of(long streamBytes) {
        long least = Math.ceilDiv(streamBytes, (long) TransportMessages.PIECES_MAX);
        return new PieceLength(Math.toIntExact(Math.max(1, least)));
    }

    /// The next piece's length, at the beginning of what is owed.
    ///
    /// @param wantedBytes what the link likes
    int next(Pieces.Gap gap, long wantedBytes) {
        long length = atMost(wantedBytes);
        long rest = gap.length() - length;
        if (rest >= leastBytes) {
            return (int) length;
        }
        if (gap.length() <= PieceName.LENGTH_MAX) {
            return (int) gap.length(); // what would be left is too short for a piece of its own
        }
        return (int) (gap.length() / 2);
    }

    long atMost(long wantedBytes) {
        return Math.clamp(wantedBytes, leastBytes, PieceName.LENGTH_MAX);
    }
}
