package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Blocks that nothing may be merged over: the result would overlap with them, and a Thanos compactor halts on
/// that.
final class Gaps {
    private final List<TimeRange> barriers;

    /// For each barrier, where it and those before it end at the latest.
    private final long[] endsMillis;

    Gaps(Collection<BucketBlock> barriers) {
        this.barriers = barriers.stream()
                .map(block -> block.meta().range())
                .sorted(Comparator.comparingLong(TimeRange::minTime))
                .toList();
        endsMillis = new long[this.barriers.size()];
        long end = Long.MIN_VALUE;
        for (int i = 0; i < endsMillis.length; i++) {
            end = Math.max(end, this.barriers.get(i).maxTime());
            endsMillis[i] = end;
        }
    }

    /// The blocks in runs, each of which may be merged without reaching over a barrier.
    ///
    /// @param blocks in the order of their beginning
    List<List<BucketBlock>> runs(List<BucketBlock> blocks) {
        List<List<BucketBlock>> runs = new ArrayList<>();
        List<BucketBlock> run = new ArrayList<>();
        long end = Long.MIN_VALUE;
        for (BucketBlock block : blocks) {
            TimeRange range = block.meta().range();
            if (!run.isEmpty() && range.minTime() > end && isBarred(end, range.minTime())) {
                runs.add(run);
                run = new ArrayList<>();
            }
            run.add(block);
            end = Math.max(end, range.maxTime());
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    private boolean isBarred(long from, long to) {
        int low = 0;
        int high = barriers.size(); // the first barrier that begins at `to` or later
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (barriers.get(middle).minTime() < to) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && endsMillis[low - 1] > from;
    }
}
