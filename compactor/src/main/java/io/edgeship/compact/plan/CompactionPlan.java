package io.edgeship.compact.plan;

import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import java.util.List;
import java.util.TreeSet;

/// One piece of work: these blocks become new ones.
///
/// @param stream          of the sources
/// @param sources         at least one, in order of precedence where two have a sample of the same time
/// @param range           of the new blocks
/// @param resolutions     of the new blocks in milliseconds, finest first; 0 is raw. The stream's own resolution is
/// left out
///                        where a source is only downsampled
/// @param outdated        blocks whose data the new ones hold, to be marked for deletion once these are visible
/// @param isVertical      whether sources overlap
/// @param cost            what carrying it out takes
/// @param why             for people
public record CompactionPlan(
        Stream stream,
        List<BucketBlock> sources,
        TimeRange range,
        List<Long> resolutions,
        List<BucketBlock> outdated,
        boolean isVertical,
        Cost cost,
        String why) {
    /// Estimates; memory is one that holds.
    ///
    /// @param memoryBytes at most, buffers included
    /// @param windowBytes of them outside the heap
    public record Cost(long readBytes, long writeBytes, long requests, long memoryBytes, long windowBytes) {}

    /// The new blocks' time, as people read it.
    public String rangeInWords() {
        return Words.range(range);
    }

    /// The first few of its sources, and how many more there are.
    public String sourcesInWords() {
        return Words.blocks(sources);
    }

    public CompactionPlan {
        sources = List.copyOf(sources);
        resolutions = List.copyOf(resolutions);
        outdated = List.copyOf(outdated);
        if (sources.isEmpty() || resolutions.isEmpty()) {
            throw new IllegalArgumentException("a plan without sources or results");
        }
        if (!List.copyOf(new TreeSet<>(resolutions)).equals(resolutions)) {
            throw new IllegalArgumentException("resolutions out of order: " + resolutions);
        }
    }
}
