package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.fleet.BucketBlock;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be done, and why not more.
///
/// @param plans independent of each other, so they may run side by side; in the order in which they should begin
/// @param marks blocks to be marked for deletion with nothing written, in order of ULID
/// @param left  each other block of the view, with the reason for people why it is not taken
public record Planned(List<CompactionPlan> plans, List<Marking> marks, SortedMap<BlockId, String> left) {
    /// @param kind what it is about the block
    /// @param why  for people
    public record Marking(BucketBlock block, Kind kind, String why) {}

    /// What is the matter with a block.
    public enum Kind {
        /// Another block of its stream and resolution holds all its sources.
        OUTDATED,
        /// It holds no samples.
        EMPTY
    }

    public Planned {
        plans = List.copyOf(plans);
        marks = List.copyOf(marks);
        left = Collections.unmodifiableSortedMap(new TreeMap<>(left));
    }
}
