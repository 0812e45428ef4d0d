package io.edgeship.compact.plan;

import io.edgeship.block.BlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.compact.plan.CompactionPlan.Cost;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.runtime.config.Sizes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Plans one complete window of a stream: its blocks become one of each resolution, or as few as marks, sizes and
/// memory allow.
final class WindowPlanner {
    private final PlanRules rules;
    private final Windows windows;
    private final long nowMillis;
    private final Notes notes;
    private final Held held;
    private final Gaps gaps;

    WindowPlanner(PlanRules rules, Windows windows, long nowMillis, Notes notes, Held held, Gaps gaps) {
        this.rules = rules;
        this.windows = windows;
        this.nowMillis = nowMillis;
        this.notes = notes;
        this.held = held;
        this.gaps = gaps;
    }

    /// A window, or what is looked at of one whose blocks are too many to be merged at once.
    ///
    /// @param lengthMillis of the complete window, by which it is decided what is downsampled
    private record Frame(TimeRange window, int level, long resolutionMillis, long lengthMillis) {}

    /// @param blocks that lie in the window, in the order of their beginning
    void plan(TimeRange window, int level, List<BucketBlock> blocks) {
        Set<Long> written = new TreeSet<>();
        for (long resolution : Sieve.RESOLUTIONS) {
            List<BucketBlock> ofResolution = blocks.stream()
                    .filter(block -> block.resolutionMillis() == resolution)
                    .toList();
            if (written.contains(resolution)) {
                ofResolution.forEach(block -> notes.settled(
                        block,
                        "a plan of finer blocks of its window writes %s blocks; is looked at again after it"
                                .formatted(Words.resolution(resolution))));
            } else {
                Frame frame = new Frame(window, level, resolution, windows.lengthMillis(level));
                written.addAll(resolution(frame, ofResolution));
            }
        }
    }

    /// @return the resolutions that plans write
    private Set<Long> resolution(Frame frame, List<BucketBlock> blocks) {
        Set<Long> written = new TreeSet<>();
        List<BucketBlock> mergeable = new ArrayList<>();
        Set<BlockId> overlapping = rules.overlaps() == Overlaps.REFUSE ? overlapping(blocks) : Set.of();
        for (BucketBlock block : blocks) {
            String why = unmergeable(block, overlapping);
            if (why.isEmpty()) {
                mergeable.add(block);
            } else {
                written.addAll(refused(frame, block, why));
            }
        }
        for (List<BucketBlock> run : gaps.runs(mergeable)) {
            written.addAll(run(frame, run));
        }
        return written;
    }

    /// Why the block may not be merged with others; empty if it may.
    private String unmergeable(BucketBlock block, Set<BlockId> overlapping) {
        if (block.noCompact()) {
            return "is marked no-compact";
        }
        if (!rules.compacts()) {
            return "is not compacted, as that role is off";
        }
        return overlapping.contains(block.meta().id()) ? "overlaps with another block, which is refused" : "";
    }

    private Set<Long> run(Frame frame, List<BucketBlock> run) {
        if (run.size() == 1) {
            String why = "is alone in its window %s: nothing to merge it with".formatted(Words.range(frame.window()));
            return alone(run.getFirst(), frame.lengthMillis(), why);
        }
        long indexBytes = 0;
        for (BucketBlock block : run) {
            indexBytes = Sieve.plus(indexBytes, Costs.indexBytes(block));
        }
        if ((double) indexBytes >= PlanRules.INDEX_SHARE * (double) rules.indexBytesMax()) {
            return withoutLargest(frame, run, indexBytes);
        }
        TimeRange range = Lineage.hull(run);
        Set<BlockId> sources = Lineage.sources(run);
        List<Long> all = new ArrayList<>();
        all.add(frame.resolutionMillis());
        all.addAll(coarser(frame, run, sources, range));
        for (List<Long> resolutions : List.of(all, all.subList(0, 1))) {
            Cost cost = Costs.of(frame.resolutionMillis(), run, resolutions, rules.isLocal());
            if (cost.memoryBytes() <= rules.memoryBudgetBytes()) {
                notes.plan(merge(frame, run, resolutions, cost));
                return new TreeSet<>(resolutions);
            }
        }
        return inSmaller(frame, run);
    }

    /// As Thanos does, but that nothing is marked: it is the same again next time.
    private Set<Long> withoutLargest(Frame frame, List<BucketBlock> run, long indexBytes) {
        BucketBlock largest = run.stream()
                .max(Comparator.comparingLong(Costs::indexBytes)
                        .thenComparing(block -> block.meta().id()))
                .orElseThrow();
        String why = "index-size-exceeding: with it an index of up to %s would be made, more than %s"
                .formatted(Sizes.print(indexBytes), Sizes.print((long)
                        (PlanRules.INDEX_SHARE * (double) rules.indexBytesMax())));
        Set<Long> written = new TreeSet<>(refused(frame, largest, why));
        List<BucketBlock> others =
                run.stream().filter(block -> !block.equals(largest)).toList();
        for (List<BucketBlock> part : new Gaps(List.of(largest)).runs(others)) {
            written.addAll(run(frame, part));
        }
        return written;
    }

    /// What cannot be merged at once within the memory is merged in shorter windows.
    private Set<Long> inSmaller(Frame frame, List<BucketBlock> run) {
        Cost cost = Costs.of(frame.resolutionMillis(), run, List.of(frame.resolutionMillis()), rules.isLocal());
        String why = "merging the %d blocks of %s takes %s of memory, more than memory_budget of %s"
                .formatted(
                        run.size(),
                        Words.range(frame.window()),
                        Sizes.print(cost.memoryBytes()),
                        Sizes.print(rules.memoryBudgetBytes()));
        Set<Long> written = new TreeSet<>();
        SortedMap<Long, List<BucketBlock>> byWindow = new TreeMap<>();
        int level = frame.level() - 1;
        for (BucketBlock block : run) {
            TimeRange range = block.meta().range();
            if (level >= 0
                    && range.maxTime() <= windows.around(range.minTime(), level).maxTime()) {
                long begin = windows.around(range.minTime(), level).minTime();
                byWindow.computeIfAbsent(begin, _ -> new ArrayList<>()).add(block);
            } else {
                written.addAll(refused(frame, block, why));
            }
        }
        byWindow.forEach((begin, blocks) -> {
            if (blocks.size() == 1) {
                written.addAll(refused(frame, blocks.getFirst(), why));
            } else {
                TimeRange window = windows.around(begin, level);
                written.addAll(run(new Frame(window, level, frame.resolutionMillis(), frame.lengthMillis()), blocks));
            }
        });
        return written;
    }

    /// Downsamples a block that may not be merged, whatever else it waits for.
    private Set<Long> refused(Frame frame, BucketBlock block, String why) {
        Set<Long> written = alone(block, frame.lengthMillis(), why);
        notes.left(block, why);
        return written;
    }

    private CompactionPlan merge(Frame frame, List<BucketBlock> run, List<Long> resolutions, Cost cost) {
        boolean isVertical = !overlapping(run).isEmpty();
        List<BucketBlock> sources = new ArrayList<>(run);
        if (isVertical) {
            sources.sort(Comparator.comparing((BucketBlock block) ->
                            !block.meta().compaction().hints().isEmpty())
                    .thenComparing(block -> block.meta().id()));
        }
        TimeRange range = Lineage.hull(run);
        List<BucketBlock> outdated = new ArrayList<>(run);
        Set<BlockId> lineage = Lineage.sources(run);
        for (long resolution : resolutions.subList(1, resolutions.size())) {
            outdated.addAll(held.within(lineage, range, resolution));
        }
        String why = "the window %s is complete%s"
                .formatted(Words.range(frame.window()), isVertical ? "; blocks overlap" : "");
        return new CompactionPlan(
                Stream.of(run.getFirst(), rules.replicaLabels()),
                sources,
                range,
                resolutions,
                outdated,
                isVertical,
                cost,
                why);
    }

    /// What is written beside the merged block.
    private List<Long> coarser(Frame frame, List<BucketBlock> run, Set<BlockId> sources, TimeRange range) {
        return run.stream().anyMatch(BucketBlock::noDownsample)
                ? List.of()
                : due(run.getFirst(), frame.lengthMillis(), range).stream()
                        .filter(resolution -> !held.hasOneOf(sources, range, resolution))
                        .toList();
    }

    /// Resolutions that a window of this length is downsampled to.
    private List<Long> due(BucketBlock block, long lengthMillis, TimeRange range) {
        List<Long> due = new ArrayList<>();
        long age = nowMillis - range.maxTime();
        for (long resolution : Sieve.RESOLUTIONS) {
            long from = (resolution == Sieve.FIVE_MINUTES ? rules.fiveMinutesFrom() : rules.oneHourFrom()).toMillis();
            if (rules.downsamples()
                    && resolution > block.resolutionMillis()
                    && lengthMillis >= from
                    && !rules.expiry().isOver(block.labels(), resolution, age)) {
                due.add(resolution);
            }
        }
        return due;
    }

    /// Downsamples a block that is not merged, where that was not done yet.
    ///
    /// @param why it is not merged
    private Set<Long> alone(BucketBlock block, long lengthMillis, String why) {
        TimeRange range = block.meta().range();
        List<Long> missing = new ArrayList<>(due(block, lengthMillis, range));
        // an hour is made of five minutes where they are there, for they are fewer bytes
        boolean isLeftToFiner = block.resolutionMillis() == 0 && held.covers(block, Sieve.FIVE_MINUTES);
        missing.removeIf(resolution -> isLeftToFiner || held.covers(block, resolution));
        if (missing.isEmpty()) {
            notes.settled(block, why);
            return Set.of();
        }
        if (block.noDownsample()) {
            notes.settled(block, why + ", and marked no-downsample");
            return Set.of();
        }
        Cost cost = Costs.of(block.resolutionMillis(), List.of(block), missing, rules.isLocal());
        if (cost.memoryBytes() > rules.memoryBudgetBytes()) {
            notes.left(
                    block,
                    "downsampling it takes %s of memory, more than memory_budget of %s"
                            .formatted(Sizes.print(cost.memoryBytes()), Sizes.print(rules.memoryBudgetBytes())));
            return Set.of();
        }
        notes.plan(downsample(block, missing, cost, why));
        return new TreeSet<>(missing);
    }

    /// Downsamples a block that lies in no window, however short it is: it would never be by its own length, and its
    /// samples could never go at the finer resolution.
    ///
    /// @param window in which it begins
    void alone(BucketBlock block, TimeRange window, String why) {
        alone(block, window.maxTime() - window.minTime(), why);
    }

    private CompactionPlan downsample(BucketBlock block, List<Long> resolutions, Cost cost, String why) {
        TimeRange range = block.meta().range();
        List<BucketBlock> outdated = new ArrayList<>();
        for (long resolution : resolutions) {
            outdated.addAll(held.within(Lineage.sources(List.of(block)), range, resolution));
        }
        return new CompactionPlan(
                Stream.of(block, rules.replicaLabels()),
                List.of(block),
                range,
                resolutions,
                outdated,
                false,
                cost,
                "it is not downsampled yet; it " + why);
    }

    /// Those of the blocks, in the order of their beginning, that overlap with another.
    private static Set<BlockId> overlapping(List<BucketBlock> blocks) {
        Set<BlockId> overlapping = new TreeSet<>();
        if (blocks.isEmpty()) {
            return overlapping;
        }
        BucketBlock longest = blocks.getFirst(); // that reaches furthest so far
        for (BucketBlock block : blocks.subList(1, blocks.size())) {
            if (block.meta().range().overlaps(longest.meta().range())) {
                overlapping.add(block.meta().id());
                overlapping.add(longest.meta().id());
            }
            if (block.meta().range().maxTime() > longest.meta().range().maxTime()) {
                longest = block;
            }
        }
        return overlapping;
    }
}
