package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import java.time.Duration;
import java.util.List;

/// Aligned stretches of time. Level 0 is the shortest.
final class Windows {
    private final long[] lengthsMillis;
    private final boolean[] regular;

    Windows(PlanRules rules) {
        List<Duration> ranges = rules.ranges();
        lengthsMillis = ranges.stream().mapToLong(Duration::toMillis).toArray();
        regular = new boolean[lengthsMillis.length];
        long before = lengthsMillis[0];
        for (int level = 1; level <= top(); level++) {
            regular[level] = level == top() || lengthsMillis[level + 1] / before > rules.partsMax();
            before = regular[level] ? lengthsMillis[level] : before;
        }
    }

    int top() {
        return lengthsMillis.length - 1;
    }

    long lengthMillis(int level) {
        return lengthsMillis[level];
    }

    /// The window of that level in which the time lies.
    TimeRange around(long timeMillis, int level) {
        long length = lengthsMillis[level];
        long begin = Math.floorDiv(timeMillis, length) * length;
        return new TimeRange(begin, begin + length);
    }

    /// The next lower level that is used in steady state; -1 below the last of them.
    int regularBelow(int level) {
        int below = level - 1;
        while (below >= 0 && !regular[below]) {
            below--;
        }
        return below;
    }

    /// How long the parts of a window are in steady state at most.
    long partMillis(int level) {
        return lengthsMillis[Math.max(0, regularBelow(level))];
    }
}
