package io.edgeship.compact.round;

import io.edgeship.block.BlockId;
import io.edgeship.compact.plan.Planned;
import io.edgeship.fleet.BucketView;
import java.util.List;
import java.util.Map;

/// What a round did.
///
/// @param view        afterwards
/// @param left        the plans and marks that remain, and why blocks are not taken
/// @param done        plans that were carried out
/// @param quarantined blocks that got a no-compact mark, with what is wrong with them
/// @param failures    streams that could not be worked on, with the reason; the next cycle tries again
/// @param putOff      streams of which a plan was not tried, for it failed a short while ago, with the reason
/// @param busy        streams that another compactor has
/// @param marked      blocks that were marked for deletion, by the reason in the words of Thanos
public record RoundReport(
        BucketView view,
        Planned left,
        List<Done> done,
        Map<BlockId, String> quarantined,
        Map<String, String> failures,
        Map<String, String> putOff,
        Map<String, String> busy,
        Map<String, Integer> marked) {
    /// @param fromResolutionMillis of the sources
    /// @param resolutionsMillis    of what was written
    public record Done(
            int sources,
            long fromResolutionMillis,
            List<Long> resolutionsMillis,
            boolean isVertical,
            long readBytes,
            long writtenBytes,
            long millis) {
        public Done {
            resolutionsMillis = List.copyOf(resolutionsMillis);
        }

        /// Whether blocks became one, of the resolution they had.
        public boolean isCompaction() {
            return resolutionsMillis.contains(fromResolutionMillis);
        }

        /// How many of the results have a coarser resolution than the sources.
        public long downsampled() {
            return resolutionsMillis.stream()
                    .filter(resolution -> resolution != fromResolutionMillis)
                    .count();
        }
    }

    public RoundReport {
        done = List.copyOf(done);
        quarantined = Map.copyOf(quarantined);
        failures = Map.copyOf(failures);
        putOff = Map.copyOf(putOff);
        busy = Map.copyOf(busy);
        marked = Map.copyOf(marked);
    }
}
