package io.edgeship.compact.plan;

import static io.edgeship.compact.plan.TestBlock.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On regular streams blocks of 14 days form where they form in Thanos, with fewer samples written.
class ThanosStepsTest {
    private static final long BEGIN = 336 * 1400;
    private static final long[] STEPS = {8, 48, 336};

    private long rewritten;

    @ParameterizedTest
    @ValueSource(longs = {338, 500, 700, 1010})
    void blocksOfAFortnightFormWhereThanosFormsThem(long hours) {
        List<TimeRange> level1 = new ArrayList<>();
        SymbolicBucket ours = new SymbolicBucket(PlanRules.defaults("site", 4L << 30), hours + " hours");
        for (long hour = 0; hour < hours; hour += 2) {
            BucketBlock block =
                    TestBlock.of("a", BEGIN + hour, BEGIN + hour + 2).get();
            level1.add(block.meta().range());
            ours.add(block);
            ours.settle((BEGIN + hour + 3) * HOUR, List.of());
        }

        List<TimeRange> theirs = thanos(level1);

        assertThat(fortnights(ours)).isEqualTo(new TreeSet<>(beginnings(theirs)));
        assertThat(ours.sourcesRead).isLessThan(rewritten);
    }

    private static Set<Long> fortnights(SymbolicBucket bucket) {
        return new TreeSet<>(beginnings(bucket.blocks().stream()
                .filter(block -> block.resolutionMillis() == 0)
                .map(block -> block.meta().range())
                .toList()));
    }

    private static Set<Long> beginnings(List<TimeRange> ranges) {
        Set<Long> begin = new HashSet<>();
        for (TimeRange range : ranges) {
            if (range.maxTime() - range.minTime() == 336 * HOUR) {
                begin.add(range.minTime() / HOUR - BEGIN);
            }
        }
        return begin;
    }

    /// The rule of its planner for blocks without overlaps: the newest is left out; of the shortest range first, two
    /// blocks or more of a window that they fill, or that a newer block has left behind.
    private List<TimeRange> thanos(List<TimeRange> level1) {
        List<TimeRange> blocks = new ArrayList<>();
        for (TimeRange block : level1) {
            blocks.add(block);
            while (thanosStep(blocks)) {
                // once more
            }
        }
        return blocks;
    }

    private boolean thanosStep(List<TimeRange> blocks) {
        List<TimeRange> older = blocks.subList(0, blocks.size() - 1);
        for (long step : STEPS) {
            long length = step * HOUR;
            for (int i = 0; i < older.size(); i++) {
                long end = older.get(i).minTime() / length * length + length;
                int to = i;
                while (to < older.size() && older.get(to).maxTime() <= end) {
                    to++;
                }
                if (to - i > 1) {
                    TimeRange merged = new TimeRange(
                            older.get(i).minTime(), older.get(to - 1).maxTime());
                    boolean isFull = merged.maxTime() - merged.minTime() == length;
                    if (isFull || merged.maxTime() <= older.getLast().minTime()) {
                        older.subList(i, to).clear();
                        blocks.add(i, merged);
                        rewritten += (merged.maxTime() - merged.minTime()) / (2 * HOUR);
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
