package io.edgeship.compact.merge;

import io.edgeship.compact.plan.MergeMemory;
import java.util.ArrayDeque;
import java.util.Deque;

/// Pieces of parts that were sent, for the parts that come. Thread-safe.
final class BufferPool {
    private static final int KEPT_MAX = MergeMemory.PART_BYTES / PartBuffer.PIECE_BYTES;

    private final Deque<byte[]> kept = new ArrayDeque<>();

    synchronized byte[] take() {
        byte[] piece = kept.pollLast();
        return piece == null ? new byte[PartBuffer.PIECE_BYTES] : piece;
    }

    synchronized void give(byte[] piece) {
        if (kept.size() < KEPT_MAX) {
            kept.addLast(piece);
        }
    }
}
