package io.edgeship.compact.merge;

import java.util.ArrayDeque;
import java.util.Deque;

/// Pieces of parts that were sent, for the parts that come. Thread-safe.
final class BufferPool {
    private final int keptMax;
    private final Deque<byte[]> kept = new ArrayDeque<>();

    /// @param partBytes of one part: so much is kept
    BufferPool(int partBytes) {
        keptMax = partBytes / PartBuffer.PIECE_BYTES;
    }

    synchronized byte[] take() {
        byte[] piece = kept.pollLast();
        return piece == null ? new byte[PartBuffer.PIECE_BYTES] : piece;
    }

    synchronized void give(byte[] piece) {
        if (kept.size() < keptMax) {
            kept.addLast(piece);
        }
    }
}
