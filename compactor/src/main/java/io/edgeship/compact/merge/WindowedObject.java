package io.edgeship.compact.merge;

import io.edgeship.block.encoding.ByteSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of a remote store, read through few large ranges, of which it holds the ones used last. What comes next
/// is fetched ahead where there is a place. Not thread-safe.
final class WindowedObject implements ByteSource {
    /// A reader's own window: the bytes are in memory already.
    private static final int READER_BYTES = 4 << 10;

    private final ObjectRanges ranges;
    private final Windows windows;
    private final int heldMax;
    private final ReadAhead readAhead;
    private final int aheadBytes;
    private final Map<Long, MemorySegment> held = new LinkedHashMap<>(4, 0.75f, true); // the one used longest ago first
    private ReadAhead.@Nullable Ahead ahead;
    private long aheadNumber;

    /// @param heldMax    windows in memory, at least 1
    /// @param aheadBytes from a window's end the next one is begun
    WindowedObject(ObjectRanges ranges, Windows windows, int heldMax, ReadAhead readAhead, int aheadBytes) {
        this.ranges = ranges;
        this.windows = windows;
        this.heldMax = heldMax;
        this.readAhead = readAhead;
        this.aheadBytes = aheadBytes;
    }

    @Override
    public String name() {
        return ranges.key();
    }

    @Override
    public long size() {
        return ranges.sizeBytes();
    }

    @Override
    public int windowBytes() {
        return READER_BYTES;
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
        for (int done = 0; done < length; ) {
            long number = windows.numberOf(offset + done);
            MemorySegment window = window(number);
            int from = (int) (offset + done - windows.start(number));
            int count = Math.min(length - done, windows.length(number) - from);
            MemorySegment.copy(window, ValueLayout.JAVA_BYTE, from, target, at + done, count);
            done += count;
            fetchAhead(number, from + count);
        }
    }

    /// Fetches the first window, so that whoever opens many objects waits for them side by side.
    void begin() throws IOException {
        window(0);
    }

    private MemorySegment window(long number) throws IOException {
        MemorySegment there = held.get(number);
        if (there != null) {
            return there;
        }
        makeRoom();
        ReadAhead.Ahead begun = ahead;
        ahead = null;
        if (begun != null && number != aheadNumber) {
            begun.drop();
            begun = null;
        }
        MemorySegment window = begun != null ? begun.take() : fetch(number);
        held.put(number, window);
        return window;
    }

    /// Drops the windows that are over the maximum with one more; their memory is for others.
    private void makeRoom() {
        Iterator<MemorySegment> eldest = held.values().iterator();
        while (held.size() >= heldMax) {
            readAhead.memory().give(eldest.next());
            eldest.remove();
        }
    }

    private MemorySegment fetch(long number) throws IOException {
        MemorySegment window = readAhead.memory().room(windows.lengthMax()); // so that any other can take it
        ranges.read(windows.start(number), window, windows.length(number));
        return window;
    }

    private void fetchAhead(long number, int consumed) {
        long next = number + 1;
        boolean isNear = windows.length(number) - consumed <= aheadBytes;
        if (isNear && ahead == null && next < windows.count() && !held.containsKey(next)) {
            ahead = readAhead.begin(() -> fetch(next));
            aheadNumber = next;
        }
    }

    /// Gives its memory back; what is read later is fetched again.
    void forget() {
        held.values().forEach(readAhead.memory()::give);
        held.clear();
        if (ahead != null) {
            ahead.drop();
            ahead = null;
        }
    }

    @Override
    public void close() {
        forget();
    }
}
