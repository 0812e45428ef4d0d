package io.edgeship.compact.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.block.BlockId;
import io.edgeship.block.DerivedBlockId;
import io.edgeship.block.TimeRange;
import io.edgeship.fleet.BucketBlock;
import io.edgeship.fleet.BucketView;
import io.edgeship.fleet.SiteReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Carries out plans on blocks that have no bytes, and checks each of them on the way.
final class SymbolicBucket {
    private static final int ROUNDS_MAX = 50;

    private final TreeMap<BlockId, BucketBlock> blocks = new TreeMap<>();
    private final PlanRules rules;

    /// For messages of assertions.
    private final String name;

    /// Sources of plans that wrote raw blocks: how often samples were written anew.
    long sourcesRead;

    SymbolicBucket(PlanRules rules, String name) {
        this.rules = rules;
        this.name = name;
    }

    void add(BucketBlock block) {
        blocks.put(block.meta().id(), block);
    }

    Collection<BucketBlock> blocks() {
        return blocks.values();
    }

    BucketView view(List<SiteReport> reports) {
        return new BucketView(List.copyOf(blocks.values()), List.of(), reports, Map.of(), List.of());
    }

    /// Until nothing is left to do.
    Planned settle(long nowMillis, List<SiteReport> reports) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Planned planned = Planner.plan(view(reports), Instant.ofEpochMilli(nowMillis), rules);
            requireComplete(planned);
            if (planned.plans().isEmpty() && planned.marks().isEmpty()) {
                return planned;
            }
            apply(planned);
        }
        throw new AssertionError(name + ": still plans after " + ROUNDS_MAX + " rounds");
    }

    void apply(Planned planned) {
        Map<Long, Set<BlockId>> before = held();
        planned.plans().forEach(this::apply);
        planned.marks().forEach(mark -> blocks.remove(mark.block().meta().id()));
        Map<Long, Set<BlockId>> after = held();
        before.forEach((resolution, sources) -> assertThat(
                        after.getOrDefault(resolution, Set.of()).containsAll(sources))
                .as("%s: sources at %d are all there", name, resolution)
                .isTrue());
    }

    private void apply(CompactionPlan plan) {
        requireSound(plan);
        Set<BlockId> sources = Lineage.sources(plan.sources());
        List<BlockId> ids =
                plan.sources().stream().map(block -> block.meta().id()).toList();
        for (long resolution : plan.resolutions()) {
            BlockId id = DerivedBlockId.of("plan", ids, plan.stream().labels(), resolution, plan.range());
            TestBlock made = TestBlock.millis(
                            "", plan.range().minTime(), plan.range().maxTime())
                    .id(id)
                    .compacted(List.copyOf(new TreeSet<>(sources)))
                    .id(id);
            plan.stream().labels().forEach(made::label);
            add(made.resolution(resolution).id(id).get());
        }
        plan.outdated().forEach(block -> blocks.remove(block.meta().id()));
        sourcesRead += plan.resolutions().contains(0L) ? sources.size() : 0;
    }

    private void requireSound(CompactionPlan plan) {
        List<BucketBlock> sources = plan.sources();
        long end = Long.MIN_VALUE;
        boolean overlaps = false;
        List<BucketBlock> inTime = sources.stream()
                .sorted(Comparator.comparingLong(block -> block.meta().range().minTime()))
                .toList();
        for (BucketBlock block : inTime) {
            TimeRange range = block.meta().range();
            boolean isFit = block.deletionMark() == null && (!block.noCompact() || sources.size() == 1);
            assertThat(isFit && blocks.containsKey(block.meta().id())).as(name).isTrue();
            assertThat(Lineage.contains(plan.range(), range, 0)).as(name).isTrue();
            overlaps |= range.minTime() < end;
            end = Math.max(end, range.maxTime());
        }
        assertThat(plan.isVertical()).as("%s: %s", name, plan.why()).isEqualTo(overlaps);
        assertThat(plan.cost().memoryBytes()).as(name).isLessThanOrEqualTo(rules.memoryBudgetBytes());
        Set<BlockId> held = Lineage.sources(sources);
        for (BucketBlock block : plan.outdated()) {
            assertThat(plan.resolutions()).as(name).contains(block.resolutionMillis());
            assertThat(held.containsAll(block.sources())).as(name).isTrue();
        }
    }

    /// Every block is in one plan or mark, or is left with a reason.
    private void requireComplete(Planned planned) {
        List<BlockId> told = new ArrayList<>(planned.left().keySet());
        for (CompactionPlan plan : planned.plans()) {
            Set<BlockId> ofPlan = new HashSet<>();
            plan.sources().forEach(block -> ofPlan.add(block.meta().id()));
            plan.outdated().forEach(block -> ofPlan.add(block.meta().id()));
            told.addAll(ofPlan);
        }
        planned.marks().forEach(mark -> told.add(mark.block().meta().id()));
        assertThat(told).as(name).hasSize(blocks.size());
        assertThat(new HashSet<>(told)).as(name).isEqualTo(blocks.keySet());
    }

    private Map<Long, Set<BlockId>> held() {
        Map<Long, Set<BlockId>> held = new TreeMap<>();
        for (BucketBlock block : blocks.values()) {
            held.computeIfAbsent(block.resolutionMillis(), _ -> new HashSet<>()).addAll(block.sources());
        }
        return held;
    }

    /// One line a block: what is in it, but for its ULID.
    List<String> content() {
        return blocks.values().stream()
                .map(block -> "%s %d %s %s"
                        .formatted(
                                block.labels(),
                                block.resolutionMillis(),
                                block.meta().range(),
                                new TreeSet<>(block.sources())))
                .sorted()
                .toList();
    }
}
