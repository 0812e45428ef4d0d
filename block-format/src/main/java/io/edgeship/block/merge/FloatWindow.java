package io.edgeship.block.merge;

import io.edgeship.block.tsdb.chunkenc.AggregateChunk.Aggregate;
import java.util.List;

/// One window of floats.
///
/// Its chunk's counter began with a raw value and ended with one; in between it says only how much was counted.
/// There the first raw value of a window is taken to be its least, and the last one its greatest: that is so
/// unless the counter began anew within the window ([#isClear]).
///
/// @param of    the chunk
/// @param index in the chunk
record FloatWindow(FloatAggregates of, int index) implements AggregateWindow {
    static final List<Aggregate> GAUGES = List.of(Aggregate.COUNT, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX);

    /// How far sums of floats may be off.
    private static final double ROUNDING = 1e-9;

    @Override
    public long firstMillis() {
        return isFirst() ? of.firstMillis() : of.windowStart(index);
    }

    @Override
    public long endMillis() {
        return of.endMillis(index);
    }

    boolean isFirst() {
        return index == 0;
    }

    boolean isLast() {
        return index == of.size() - 1;
    }

    boolean isRightAfter(FloatWindow other) {
        return of == other.of && index == other.index + 1;
    }

    /// What its chunk had counted at its end.
    double total() {
        return of.total(index);
    }

    /// What its chunk counted between the end of another of its windows and that of this.
    double totalSince(FloatWindow other) {
        return increase(other.total(), total());
    }

    /// The first raw value.
    double firstValue() {
        return isFirst() ? of.firstValue() : of.valueOr(Aggregate.MIN, index, of.total(index - 1));
    }

    /// The last raw value.
    double lastValue() {
        return isLast() ? of.lastValue() : of.valueOr(Aggregate.MAX, index, total());
    }

    /// What was counted after the first raw value.
    double counted() {
        if (isFirst()) {
            return increase(firstValue(), total());
        }
        FloatWindow before = new FloatWindow(of, index - 1);
        return Math.max(0, totalSince(before) - increase(before.lastValue(), firstValue()));
    }

    boolean isClear() {
        double grown = lastValue() - firstValue();
        return grown >= 0 && Math.abs(counted() - grown) <= ROUNDING * Math.abs(lastValue());
    }

    boolean has(Aggregate aggregate) {
        return of.has(aggregate, index);
    }

    /// @param aggregate that it has; not COUNTER
    double value(Aggregate aggregate) {
        return of.valueOr(aggregate, index, Double.NaN);
    }

    @Override
    public boolean isSameAs(AggregateWindow other) {
        return other instanceof FloatWindow it
                && it.endMillis() == endMillis()
                && GAUGES.stream().allMatch(aggregate -> Double.compare(value(aggregate), it.value(aggregate)) == 0);
    }

    /// How much a counter grew from one raw value to the next: from nothing, if that is less.
    static double increase(double from, double to) {
        return to >= from ? to - from : to;
    }
}
