package io.edgeship.queue.transport.inbox;

import io.edgeship.block.message.PieceName;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;

/// The pieces of a stream that the bucket confirmed; none overlaps another. Some hundred bytes a piece in memory, and
/// [io.edgeship.block.message.TransportMessages#PIECES_MAX] of them at most. Not thread-safe.
final class Pieces {
    private final TreeMap<Long, PieceName> byOffset = new TreeMap<>();
    private long bytes;

    /// Bytes of a stream that no piece holds.
    ///
    /// @param length at least 1
    record Gap(long offset, long length) {}

    /// Returns false, and changes nothing, if the piece overlaps another.
    boolean add(PieceName piece) {
        var before = byOffset.floorEntry(piece.end() - 1);
        if (before != null && before.getValue().end() > piece.offset()) {
            return false;
        }
        byOffset.put(piece.offset(), piece);
        bytes += piece.length();
        return true;
    }

    /// Whether this very piece was among them.
    boolean remove(PieceName piece) {
        boolean removed = byOffset.remove(piece.offset(), piece);
        bytes -= removed ? piece.length() : 0;
        return removed;
    }

    void clear() {
        byOffset.clear();
        bytes = 0;
    }

    boolean contains(PieceName piece) {
        return piece.equals(byOffset.get(piece.offset()));
    }

    /// In the order of the stream.
    Collection<PieceName> inOrder() {
        return Collections.unmodifiableCollection(byOffset.values());
    }

    long bytes() {
        return bytes;
    }

    /// What is owed first, at `from` or after.
    ///
    /// @param from nothing before it is owed
    Optional<Gap> nextGap(long from, long streamBytes) {
        long offset = from;
        for (PieceName piece : byOffset.tailMap(from).values()) {
            if (piece.offset() > offset) {
                return Optional.of(new Gap(offset, piece.offset() - offset));
            }
            offset = piece.end();
        }
        return offset < streamBytes ? Optional.of(new Gap(offset, streamBytes - offset)) : Optional.empty();
    }
}
