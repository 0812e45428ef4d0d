package io.edgeship.compact.merge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Memory for windows, outside the heap: they are most of what a compaction holds, and a collector that marks and moves
/// them over and over takes longer than with all the rest. It is taken in slabs and given back all at once.
/// Thread-safe.
final class WindowMemory implements AutoCloseable {
    /// A few windows; what is left of the last one is in vain.
    private static final long SLAB_BYTES = 2L << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> spares = new ArrayList<>(); // old windows, whose memory the next ones take
    private MemorySegment slab = MemorySegment.NULL;
    private long used; // of the slab
    private boolean closed;

    /// Memory for a window of so many bytes, maybe more, with anything in it.
    synchronized MemorySegment room(int length) {
        for (int i = spares.size() - 1; i >= 0; i--) {
            if (spares.get(i).byteSize() >= length) {
                return spares.remove(i);
            }
        }
        if (slab.byteSize() - used < length) {
            slab = arena.allocate(Math.max(SLAB_BYTES, length));
            used = 0;
        }
        MemorySegment window = slab.asSlice(used, length);
        used += length;
        return window;
    }

    /// Takes a window that nobody reads or writes any more.
    synchronized void give(MemorySegment window) {
        spares.add(window);
    }

    /// Whoever still reads or writes a window gets an [IllegalStateException].
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
