package io.edgeship.block.merge;

import io.edgeship.block.downsample.AggregateBuilder;
import io.edgeship.block.downsample.Resolution;
import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import io.edgeship.block.tsdb.chunks.TimedChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes chunks of windows of floats that come from several, so that who reads their counters
/// ([io.edgeship.block.downsample.CounterIterator]) counts what the raw samples' counter did.
///
/// Between windows that were next to each other in one chunk as much is counted as there was. Between others, the
/// increase from the last raw value of the one to the first of the other, and what was counted after that. Where
/// those are not known, because the counter began anew within the window, its chunk's total goes on from where it
/// last was, unless more was counted since.
///
/// A chunk begins where one of the sources' began, with its first raw value, as long as that does not make it
/// longer than [Resolution#WINDOWS_MAX]; else with the window's first raw value at the beginning of the window.
///
/// For one run. Not thread-safe.
final class FloatAggregateEncoder {
    private static final int ENOUGH = Resolution.WINDOWS_MAX / 2;

    private final List<TimedChunk> done = new ArrayList<>();
    private final Map<FloatAggregates, Counted> lastOf = new HashMap<>(); // in the open chunk
    private AggregateBuilder open = new AggregateBuilder();
    private int size;
    private double total; // of the open chunk
    private @Nullable FloatWindow last;

    /// A window, and the open chunk's total at its end.
    private record Counted(FloatWindow window, double total) {}

    /// @param windows at least one, in the order of their ends
    List<TimedChunk> encode(List<FloatWindow> windows) {
        for (FloatWindow window : windows) {
            FloatWindow before = last;
            if (before == null) {
                begin(window, window.firstMillis());
            } else if (isEnd(before, window)) {
                close(before);
                begin(window, Math.max(window.firstMillis(), before.endMillis() + 1));
            } else {
                count(before, window);
            }
            add(window);
        }
        if (last != null) {
            close(last);
        }
        return done;
    }

    private boolean isEnd(FloatWindow before, FloatWindow next) {
        if (size == Resolution.WINDOWS_MAX) {
            return true;
        }
        boolean isKnown = before.isLast() || before.isClear();
        return next.isFirst() && isKnown && (before.isLast() || size >= ENOUGH);
    }

    private void begin(FloatWindow window, long firstMillis) {
        lastOf.clear();
        open = new AggregateBuilder();
        size = 0;
        open.addOutside(Aggregate.COUNTER, firstMillis, window.firstValue());
        total = window.isFirst() ? window.total() : window.firstValue() + window.counted();
    }

    private void close(FloatWindow before) {
        open.addOutside(Aggregate.COUNTER, before.endMillis(), before.lastValue());
        done.add(open.toChunk());
    }

    private void count(FloatWindow before, FloatWindow window) {
        Counted own = lastOf.get(window.of());
        if (window.isRightAfter(before)) {
            total = after(before, total, window);
        } else if (own == null || window.isFirst() || window.isClear()) {
            total += FloatWindow.increase(before.lastValue(), window.firstValue()) + window.counted();
        } else {
            total = Math.max(total, after(own.window(), own.total(), window));
        }
    }

    /// Where nothing was added so far, the chunk's own totals stay as they are, to the bit.
    private static double after(FloatWindow before, double total, FloatWindow window) {
        return total == before.total() && window.total() >= total ? window.total() : total + window.totalSince(before);
    }

    private void add(FloatWindow window) {
        for (Aggregate aggregate : FloatWindow.GAUGES) {
            if (window.has(aggregate)) {
                open.add(aggregate, window.endMillis(), window.value(aggregate));
            }
        }
        open.add(Aggregate.COUNTER, window.endMillis(), total);
        lastOf.put(window.of(), new Counted(window, total));
        last = window;
        size++;
    }
}
