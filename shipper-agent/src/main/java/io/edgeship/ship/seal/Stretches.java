package io.edgeship.ship.seal;

import io.edgeship.block.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Arithmetic on stretches of time.
final class Stretches {
    private Stretches() {}

    /// What is left of `whole` without `taken`, in order.
    static List<TimeRange> without(TimeRange whole, Collection<TimeRange> taken) {
        List<TimeRange> left = List.of(whole);
        for (TimeRange one : taken) {
            List<TimeRange> next = new ArrayList<>();
            for (TimeRange range : left) {
                cut(range, one, next);
            }
            left = next;
        }
        return left;
    }

    private static void cut(TimeRange range, TimeRange taken, List<TimeRange> left) {
        if (isEmpty(taken) || !range.overlaps(taken)) {
            left.add(range);
            return;
        }
        if (range.minTime() < taken.minTime()) {
            left.add(new TimeRange(range.minTime(), taken.minTime()));
        }
        if (taken.maxTime() < range.maxTime()) {
            left.add(new TimeRange(taken.maxTime(), range.maxTime()));
        }
    }

    static boolean isEmpty(TimeRange range) {
        return range.minTime() == range.maxTime();
    }
}
